import path from 'node:path';

/**
 * The folders that are searched for a prompt's partials and schemas: its own, then its parents up to the root. Outside
 * the root, or without one, only the file's own folder.
 */
export function foldersAbove(start: string, root: string | undefined): string[] {
  const folders = [start];
  if (root === undefined || !isInside(root, start)) return folders;
  for (let folder = start; path.relative(root, folder) !== ''; ) {
    folder = path.dirname(folder);
    folders.push(folder);
  }
  return folders;
}

/** The innermost of several roots that contains a folder. */
export function rootOf(folder: string, roots: readonly string[]): string | undefined {
  return roots.filter((root) => isInside(root, folder)).sort((a, b) => b.length - a.length)[0];
}

export function isInside(root: string, candidate: string): boolean {
  const relative = path.relative(root, candidate);
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}
