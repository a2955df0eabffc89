import { access, realpath } from 'node:fs/promises';
import type { FileReader } from './ports.ts';
import { readRegularFile } from './read-file.ts';

/** Files as they are on the disk. */
export const diskFiles: FileReader = {
  readText: async (path, limits) => (await readRegularFile(path, limits)).toString('utf8'),
  readBytes: (path, limits) => readRegularFile(path, limits),
  realPath: (path) => realpath(path),
  exists: (path) =>
    access(path).then(
      () => true,
      () => false,
    ),
};
