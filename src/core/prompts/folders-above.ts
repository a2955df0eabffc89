import path from 'node:path';
import { isPathInside } from '../base/files/read-file.ts';

/** The folders to search for partials and schemas: the file's own, then its parents up to the root if it is inside. */
export function foldersAbove(start: string, root: string | undefined): string[] {
  const folders = [start];
  if (root === undefined || !isPathInside(root, start)) return folders;
  for (let folder = start; path.relative(root, folder) !== ''; ) {
    folder = path.dirname(folder);
    folders.push(folder);
  }
  return folders;
}

/** The innermost of several roots that contains a folder. */
export function rootOf(folder: string, roots: readonly string[]): string | undefined {
  return roots.filter((root) => isPathInside(root, folder)).sort((a, b) => b.length - a.length)[0];
}
