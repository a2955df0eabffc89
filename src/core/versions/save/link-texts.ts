import { readlink } from 'node:fs/promises';
import type { FileReader } from '../../base/ports.ts';

/**
 * Files of the work tree as git records them: the text of a symbolic link is the name of its target. For comparisons
 * with a commit; no link is followed, wherever it points.
 */
export function withLinkTexts(files: FileReader): FileReader {
  const targetOf = (file: string) => readlink(file).catch(() => undefined);
  return {
    ...files,
    exists: async (file) => (await targetOf(file)) !== undefined || files.exists(file),
    realPath: async (file) => ((await targetOf(file)) === undefined ? files.realPath(file) : file),
    readText: async (file, limits) => (await targetOf(file)) ?? files.readText(file, limits),
  };
}
