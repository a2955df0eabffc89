import type { RepositoryContext } from '../context.ts';
import { repositoryCache } from '../repository-cache.ts';

/** A file of a commit, without its text. */
export interface CommitEntry {
  blob: string;
  isLink: boolean;
}

/** Prompts and partials of one commit by path: a missing path does not exist in the commit. */
type LoadedTree = ReadonlyMap<string, CommitEntry>;

/** Two sides of a comparison, and those of another one. */
const MOST_TREES = 4;
const treesOf = repositoryCache<LoadedTree>({ max: MOST_TREES });

export function isPromptPath(path: string): boolean {
  return path.endsWith('.prompt');
}

/** Reads which prompts a commit has, with one process instead of one request per name. */
export async function loadTree(context: RepositoryContext, commit: string, signal?: AbortSignal): Promise<LoadedTree> {
  const known = loadedTree(context, commit);
  if (known) return known;
  const args = ['ls-tree', '-r', '-z', '--full-tree', commit];
  const lines = (await context.git.run(args, { signal, mayPrintNothing: true })).split('\0');
  const tree = new Map<string, CommitEntry>();
  for (const line of lines) {
    if (!isPromptPath(line)) continue;
    const [mode, type, blob = ''] = line.slice(0, line.indexOf('\t')).split(' ');
    if (type === 'blob') tree.set(line.slice(line.indexOf('\t') + 1), { blob, isLink: mode === '120000' });
  }
  treesOf(context).set(commit, tree);
  return tree;
}

/** Undefined if it was not loaded. */
export function loadedTree(context: RepositoryContext, commit: string): LoadedTree | undefined {
  return treesOf(context).get(commit);
}
