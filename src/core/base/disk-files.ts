import { access, readFile, realpath } from 'node:fs/promises';
import type { FileReader } from './ports.ts';

/** Files as they are on the disk. */
export const diskFiles: FileReader = {
  readText: (path) => readFile(path, 'utf8'),
  readBytes: (path) => readFile(path),
  realPath: (path) => realpath(path),
  exists: (path) =>
    access(path).then(
      () => true,
      () => false,
    ),
};
