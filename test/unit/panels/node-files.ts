import { access, readFile, realpath } from 'node:fs/promises';
import type { FileReader } from '../../../src/core/base/ports.ts';

/** The disk as core reads it. */
export function createNodeFiles(): FileReader {
  return {
    readText: (path) => readFile(path, 'utf8'),
    readBytes: (path) => readFile(path),
    realPath: (path) => realpath(path),
    exists: (path) =>
      access(path).then(
        () => true,
        () => false,
      ),
  };
}
