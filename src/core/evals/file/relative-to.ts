import path from 'node:path';

/** A path that is the same on every machine: as results keep it, and messages name it. */
export function relativeTo(folder: string | undefined, file: string): string {
  return (folder === undefined ? file : path.relative(folder, file)).split(path.sep).join('/');
}
