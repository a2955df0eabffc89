import { access, realpath } from 'node:fs/promises';
import type { FileReader } from '../ports.ts';
import { readRegularFile } from './read-file.ts';
import { readUtf8 } from './text-encoding.ts';

/** Files as they are on disk. */
export const diskFiles: FileReader = {
  async readText(path, limits) {
    const bytes = await readRegularFile(path, limits);
    return limits?.exact ? readUtf8(path, bytes) : bytes.toString('utf8');
  },
  readBytes: (path, limits) => readRegularFile(path, limits),
  realPath: (path) => realpath(path),
  exists: (path) =>
    access(path).then(
      () => true,
      () => false,
    ),
};
