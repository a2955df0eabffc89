import type { RepositoryContext } from '../context.ts';
import type { PromptRefs } from '../refs/prompt-refs.ts';
import { readLinks } from './commit-parents.ts';
import { type PromptAt, promptAt } from './prompt-at.ts';
import { isHash, type LogEntry, logOnly } from './prompt-log.ts';
import { type HistoryNode, type HistoryWalk, nodeKey, TIP } from './walk-history.ts';

/** An entry of the version list. */
export type HistoryRow = Omit<HistoryNode, 'differs'>;

/** The target of a tag or a label of the prompt; a tag also has the hash of the content that it saved. */
interface Pointer {
  commit: string;
  path: string;
  contentHash: string | undefined;
}

export function pointersOf({ tags, labels }: PromptRefs, paths: ReadonlySet<string>): Pointer[] {
  const all: Pointer[] = [
    ...tags,
    ...labels.map(({ target, path }) => ({ commit: target, path, contentHash: undefined })),
  ];
  return all.filter(({ path }) => paths.has(path));
}

export interface WalkedNodes extends Pick<HistoryWalk, 'nodes' | 'followers' | 'broken'> {
  /** The log in the order of the walk, and the position of each commit in it. */
  entries: readonly LogEntry[];
  places: ReadonlyMap<string, number>;
  /** The number of walked entries, and whether the log is complete. */
  walked: number;
  complete: boolean;
  tips: readonly string[];
  files: ReadonlySet<string>;
  signal: AbortSignal | undefined;
}

interface FoundRows {
  rows: HistoryRow[];
  /** Some row is newer than the last one, and its position was not walked yet. */
  incomplete: boolean;
}

/**
 * A commit is a row if its content is none of its parents', or if something points to it. A target that changed nothing
 * of the prompt is in no log of its files, and is inserted between its neighbors.
 */
export async function rowsOf(
  context: RepositoryContext,
  walk: WalkedNodes,
  pointers: readonly Pointer[],
): Promise<FoundRows> {
  const pointed = new Map(pointers.map((pointer) => [nodeKey(pointer.commit, pointer.path), pointer]));
  const isPointed = ({ entry, path, prompt }: HistoryNode) => {
    const pointer = pointed.get(nodeKey(entry.commit, path));
    return pointer !== undefined && (pointer.contentHash ?? prompt.hash) === prompt.hash;
  };
  const rows: HistoryRow[] = walk.nodes.filter((node) => node.differs || isPointed(node));
  const visited = new Set(walk.nodes.map(({ entry, path }) => nodeKey(entry.commit, path)));
  const others = [...pointed].flatMap(([key, pointer]) => {
    return visited.has(key) || isAhead(walk, pointer.commit) ? [] : [pointer];
  });
  const found = await Promise.all(others.map((pointer) => findUnlisted(context, walk, pointer)));
  const unlisted = found.filter((one) => one !== undefined);
  const shortLength = walk.entries.reduce((longest, { shortCommit }) => Math.max(longest, shortCommit.length), 7);
  const placed = await Promise.all(
    unlisted.map(async ({ commit, ...one }) => {
      const entry = await logOnly(context, commit, { shortLength, signal: walk.signal });
      return entry ? [{ ...one, entry }] : [];
    }),
  ).then((found) => found.flat());
  // the oldest first: each is inserted before those that it is newer than
  placed.sort((a, b) => a.entry.committedAt - b.entry.committedAt);
  const last = rows.at(-1)?.entry.committedAt ?? Number.NEGATIVE_INFINITY;
  let incomplete = false;
  for (const one of placed) {
    const isWalked = (walk.places.get(one.below) ?? Number.POSITIVE_INFINITY) < walk.walked;
    if (!isWalked && !walk.complete) incomplete ||= one.entry.committedAt > last;
    else {
      const above = await lastFollower(context, walk, one);
      if (above !== undefined) await insert(context, { rows, walk, above, ...one });
    }
  }
  return { rows, incomplete };
}

/** A merge that turned out to join nothing is listed, and yet its descendant may refer to the commit before it. */
function passedOver({ entries, places }: WalkedNodes, commit: string): string | undefined {
  const entry = entries[places.get(commit) ?? -1];
  return entry?.changes.length === 0 && entry.parents.length === 1 ? entry.parents[0] : undefined;
}

/** Listed, and either further down or not on any path of the prompt. */
function isAhead(walk: WalkedNodes, commit: string): boolean {
  const place = walk.places.get(commit);
  return place !== undefined && (place >= walk.walked || passedOver(walk, commit) === undefined);
}

interface Unlisted {
  path: string;
  prompt: PromptAt;
  /** The first listed ancestor. */
  below: string;
}

/** Undefined if the commit does not have what the ref says, or is further down in the log. */
async function findUnlisted(
  context: RepositoryContext,
  walk: WalkedNodes,
  { commit, path, contentHash }: Pointer,
): Promise<(Unlisted & { commit: string }) | undefined> {
  const prompt = await promptAt(context, commit, path);
  if (!prompt || (contentHash ?? prompt.hash) !== prompt.hash) return undefined;
  const below = await firstListed(context, commit, walk);
  return below === undefined || below === commit ? undefined : { commit, path, prompt, below };
}

/** Whether a commit is one of the tips or an ancestor of one. */
export async function isReached(
  context: RepositoryContext,
  commit: string,
  { tips, signal }: { tips: readonly string[]; signal: AbortSignal | undefined },
): Promise<boolean> {
  const [tip] = tips;
  if (tip !== undefined && tips.length === 1) return follows(context, { commit: tip }, { commit, signal });
  const args = ['rev-list', '--max-count=1', commit, '--not', ...tips, '--'];
  return (await context.git.run(args, { signal, mayPrintNothing: true })).trim() === '';
}

async function firstListed({ git }: RepositoryContext, commit: string, walk: WalkedNodes): Promise<string | undefined> {
  const { tips, nodes, files, signal } = walk;
  const before = passedOver(walk, commit);
  if (before !== undefined) return before;
  if (tips.length === 1 && tips[0] === commit) return nodes[0]?.entry.commit;
  const args = ['rev-list', '--full-history', '--parents', '--max-count=1', commit, '--', ...files];
  const [first] = (await git.run(args, { signal, mayPrintNothing: true })).trim().split(/\s/);
  return first || undefined;
}

/**
 * The position of the last listed descendant: between a listed commit and the next one nothing changed. Undefined if
 * the prompt did not have that path on any line of history through the commit.
 */
async function lastFollower(
  context: RepositoryContext,
  walk: WalkedNodes,
  { entry, path, below }: Unlisted & { entry: LogEntry },
): Promise<number | undefined> {
  let last = -1;
  let isOwn = false;
  for (const [key, followers] of walk.followers) {
    if (!key.startsWith(`${below}:`)) continue;
    for (const follower of followers) {
      const place = walk.places.get(follower) ?? -1;
      const from = follower === TIP ? walk.tips : ((await readLinks(context, follower))?.parents ?? []);
      for (const commit of from) {
        const isListed = walk.entries[place]?.parents.includes(commit) ?? false;
        if (isListed || !(await leadsThrough(context, walk, { from: commit, to: below, commit: entry.commit })))
          continue;
        last = Math.max(last, place);
        isOwn ||= key === nodeKey(below, path);
      }
    }
  }
  return isOwn ? last : undefined;
}

async function leadsThrough(
  context: RepositoryContext,
  walk: WalkedNodes,
  { from, to, commit }: { from: string; to: string; commit: string },
): Promise<boolean> {
  if (from === commit) return true;
  // an option such as --branches: the exact branch is unknown
  if (!isHash(from)) return isReached(context, commit, walk);
  if (!(await follows(context, { commit: from }, { commit, signal: walk.signal }))) return false;
  return (await firstListed(context, from, walk)) === to;
}

interface Insertion extends Unlisted {
  rows: HistoryRow[];
  walk: WalkedNodes;
  entry: LogEntry;
  /** Position of the last descendant. */
  above: number;
}

/** By its date among the others, but before its ancestors and after its descendants. */
async function insert(context: RepositoryContext, insertion: Insertion): Promise<void> {
  const { rows, walk, entry, path, prompt, below, above } = insertion;
  const { places, signal } = walk;
  const floor = places.get(below) ?? Number.POSITIVE_INFINITY;
  // the log does not relate two commits that are not in it
  const others = rows.filter((row) => !places.has(row.entry.commit));
  let least = 0;
  let most = rows.length;
  for (const other of others) {
    const at = rows.indexOf(other);
    if (await follows(context, other.entry, { commit: entry.commit, signal })) least = Math.max(least, at + 1);
    else if (await follows(context, entry, { commit: other.entry.commit, signal })) most = Math.min(most, at);
  }
  const found = rows.findIndex((row, index) => {
    const place = places.get(row.entry.commit) ?? above;
    return place >= floor || (index >= least && place >= above && row.entry.committedAt < entry.committedAt);
  });
  const at = Math.max(least, Math.min(most, found < 0 ? rows.length : found));
  rows.splice(at, 0, { entry, path, prompt, rewritten: false, renamedFrom: undefined });
}

async function follows(
  { git }: RepositoryContext,
  later: { commit: string },
  { commit, signal }: { commit: string; signal: AbortSignal | undefined },
): Promise<boolean> {
  if (later.commit === commit) return true;
  const args = ['merge-base', '--is-ancestor', commit, later.commit];
  return (await git.runCode(args, { signal, okCodes: [0, 1] })).code === 0;
}
