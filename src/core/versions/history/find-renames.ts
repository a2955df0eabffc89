import type { RepositoryContext } from '../context.ts';
import { repositoryCache } from '../repository-cache.ts';
import { readLinks } from './commit-parents.ts';

/** A file that exists in a commit but not in this parent. */
export interface NewFile {
  commit: string;
  parent: string;
  path: string;
}

const NONE = '';
const knownOf = repositoryCache<string>({ max: 5000 });

const keyOf = ({ commit, parent, path }: NewFile) => `${parent}..${commit}:${path}`;

export type Renames = ReturnType<typeof openRenames>;

/** The origin of new files, by git's rename detection. A copy has none: its source has a history of its own. */
export function openRenames(context: RepositoryContext) {
  const known = knownOf(context);
  return {
    /** The path of the file at the parent; undefined if it is a new file, or was not looked up yet. */
    pathBefore: (file: NewFile): string | undefined => known.get(keyOf(file)) || undefined,
    isKnown: (file: NewFile): boolean => known.get(keyOf(file)) !== undefined,
    /** Looks up all of these at once. */
    async ask(files: readonly NewFile[], signal?: AbortSignal): Promise<void> {
      const pairs = await Promise.all(files.map((file) => toPair(context, file)));
      const ordinary = pairs.filter((pair) => pair !== undefined && !pair.isMerge);
      const merges = pairs.filter((pair) => pair?.isMerge);
      // A branch may be far from its merge base: there only prompts are compared.
      const [before, beforeMerge] = await Promise.all([
        compareTrees(context, ordinary, { patterns: [], signal }),
        compareTrees(context, merges, { patterns: ['--', '*.prompt'], signal }),
      ]);
      for (const [index, file] of files.entries()) {
        const pair = pairs[index];
        const renames = pair && (pair.isMerge ? beforeMerge : before).get(pair.trees);
        known.set(keyOf(file), renames?.get(file.path) ?? NONE);
      }
    },
  };
}

interface TreePair {
  /** `<tree of the parent> <tree of the commit>` */
  trees: string;
  isMerge: boolean;
}

async function toPair(context: RepositoryContext, { commit, parent }: NewFile): Promise<TreePair | undefined> {
  const [before, after] = await Promise.all([readLinks(context, parent), readLinks(context, commit)]);
  return before && after && { trees: `${before.tree} ${after.tree}`, isMerge: after.parents.length > 1 };
}

/** With more candidates git would compare for minutes; unchanged moved files are found in any case. */
const MOST_COMPARED = 1000;
const OPTIONS = ['-r', '-z', '--name-status', '--diff-filter=R', '--find-renames', `-l${MOST_COMPARED}`];

/** By pair of trees: new path to old path. */
async function compareTrees(
  { git }: RepositoryContext,
  pairs: readonly (TreePair | undefined)[],
  { patterns, signal }: { patterns: string[]; signal: AbortSignal | undefined },
): Promise<Map<string, Map<string, string>>> {
  const trees = [...new Set(pairs.flatMap((pair) => pair?.trees ?? []))];
  if (trees.length === 0) return new Map();
  // Called with our own pattern, so without the flag for literal pathspecs.
  const args = ['--no-literal-pathspecs', 'diff-tree', '--stdin', '--no-ext-diff', ...OPTIONS, ...patterns];
  return parseRenames(await git.run(args, { input: `${trees.join('\n')}\n`, signal }));
}

/** `<tree> <tree>` and a line break before the differences, then `R100`, old and new path, each ended by NUL. */
function parseRenames(output: string): Map<string, Map<string, string>> {
  const found = new Map<string, Map<string, string>>();
  let current = new Map<string, string>();
  const tokens = output.split('\0');
  for (let at = 0; at < tokens.length; at += 1) {
    let token = tokens[at] ?? '';
    for (let head = HEADER.exec(token); head; head = HEADER.exec(token)) {
      current = new Map();
      found.set(head[1] ?? '', current);
      token = token.slice(head[0].length);
    }
    if (!/^R\d+$/.test(token)) continue;
    current.set(tokens[at + 2] ?? '', tokens[at + 1] ?? '');
    at += 2;
  }
  return found;
}

const HEADER = /^([0-9a-f]{40,64} [0-9a-f]{40,64})\n/;
