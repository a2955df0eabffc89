import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { isPathInside } from '../core/base/files/read-file.ts';

/** Why nothing is recorded for a file or a folder without a root. */
export function outsideWorkspace(folder: string): string {
  return `${folder} is not in a workspace (a git repository, or a folder that contains llmops/)`;
}

/**
 * The nearest folder at or above `start` that is a repository or contains an `llmops` folder. If a symbolic link leads
 * out of a workspace into another one, the outer workspace is returned, which rejects files outside of it.
 */
export function findRoot(start: string): string | undefined {
  const root = nearestRoot(start);
  const outer = root === undefined || root === path.dirname(root) ? undefined : findRoot(path.dirname(root));
  if (root === undefined || outer === undefined) return root;
  return isPathInside(realpathSync.native(outer), realpathSync.native(root)) ? root : outer;
}

function nearestRoot(start: string): string | undefined {
  for (let folder = path.resolve(start); ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, '.git')) || existsSync(path.join(folder, 'llmops'))) return folder;
    if (folder === path.dirname(folder)) return undefined;
  }
}
