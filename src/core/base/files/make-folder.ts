import { mkdirSync, statSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';

/**
 * Creates a folder and its parents. Node's own `recursive` never ends if a folder exists but nothing can be created in
 * it, as under /proc: it takes the ENOENT of such a place for a missing parent, again and again.
 */
export async function makeFolder(folder: string): Promise<void> {
  for (const missing of await missingFolders(folder)) await mkdir(missing).catch(unlessThere);
}

export function makeFolderSync(folder: string): void {
  for (const missing of missingFoldersSync(folder)) {
    try {
      mkdirSync(missing);
    } catch (error) {
      unlessThere(error);
    }
  }
}

/** Outermost first. */
async function missingFolders(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const one of upwards(folder)) {
    if (await stat(one).then(isFolder, isMissing)) break;
    found.unshift(one);
  }
  return found;
}

function missingFoldersSync(folder: string): string[] {
  const found: string[] = [];
  for (const one of upwards(folder)) {
    const stats = statSync(one, { throwIfNoEntry: false });
    if (stats && isFolder(stats)) break;
    found.unshift(one);
  }
  return found;
}

function* upwards(folder: string): Generator<string> {
  for (let one = path.resolve(folder); ; one = path.dirname(one)) {
    yield one;
    if (one === path.dirname(one)) return;
  }
}

function isFolder(stats: { isDirectory(): boolean }): true {
  if (stats.isDirectory()) return true;
  throw Object.assign(new Error('ENOTDIR: not a directory'), { code: 'ENOTDIR' });
}

function isMissing(error: NodeJS.ErrnoException): false {
  if (error.code === 'ENOENT') return false;
  throw error;
}

/** Another process may have created it in the meantime. */
function unlessThere(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
}
