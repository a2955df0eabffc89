import type { RepositoryContext } from '../context.ts';
import { isShallowAt } from '../git/short-hash.ts';
import { nameOfPath } from '../names/ref-names.ts';
import type { BrokenRef } from '../refs/broken-refs.ts';
import { joinRefs } from '../refs/join-refs.ts';
import { type PromptRefs, readPromptRefs } from '../refs/prompt-refs.ts';
import { brokenVersions } from './broken-versions.ts';
import { type CommitOrder, orderCommits } from './commit-order.ts';
import { openRenames } from './find-renames.ts';
import { type HistoryCursor, readCursor, versionKey, writeCursor } from './history-cursor.ts';
import { type HistoryRow, pointersOf, rowsOf, type WalkedNodes } from './pointed-rows.ts';
import { type PromptAt, promptAt } from './prompt-at.ts';
import { logCommits } from './prompt-log.ts';
import type { PromptVersion } from './prompt-version.ts';
import { type HistoryNode, type HistoryWalk, walkHistory } from './walk-history.ts';

interface HistoryPage {
  versions: PromptVersion[];
  /** Cursor for the next page; undefined at the end. */
  next: string | undefined;
  /** The history ends where the clone was cut off, not where it started. */
  truncatedByShallowClone: boolean;
  /** Versions that are not in the list, because their text is missing. */
  broken: BrokenRef[];
}

export interface HistoryOptions {
  /** Entries per page; 50 by default. */
  limit?: number;
  cursor?: string;
  /**
   * `branch`: what HEAD reaches (the default). `all`: every local and remote branch and tag, never the tool's own refs.
   */
  scope?: 'branch' | 'all';
  signal?: AbortSignal;
}

const PAGE = 50;
/** Extra entries requested with a page: for a prompt that uses partials some are not versions. */
const AHEAD = 10;
/** One to know whether there are more, and the one before it. */
const LEAST_AHEAD = 2;
const MOST_AHEAD = 4000;
/** If a page was not filled, this many times as many entries are requested. */
const GROWTH = 4;
const SLICE = 64;

/** A page of a prompt's versions, newest first; a change of a partial that it uses counts as a version. */
export async function readHistory(
  context: RepositoryContext,
  path: string,
  options: HistoryOptions = {},
): Promise<HistoryPage> {
  const { limit = PAGE, signal, scope = 'branch' } = options;
  const cursor = options.cursor === undefined ? undefined : readCursor(options.cursor);
  const tips = cursor?.tips ?? (await findTips(context, scope, signal));
  if (tips.length === 0) return { versions: [], next: undefined, truncatedByShallowClone: false, broken: [] };
  const search: Search = { context, path, tips, signal, cursor };
  const found = await findRows(search, limit);
  const versions = found.rows.map(toVersion);
  const shown = new Set(cursor?.shown);
  const fresh = versions.filter((version) => !shown.has(versionKey(version)));
  const page = fresh.slice(0, limit);
  await joinRefs(context, versions.slice(0, versions.indexOf(page.at(-1) as PromptVersion) + 1), {
    ...found,
    tips,
    signal,
  });
  const hasMore = fresh.length > limit || !found.walk.complete;
  const next: HistoryCursor = {
    tips: tips.length > MOST_TIPS ? undefined : tips,
    shown: [...shown, ...page.map(versionKey)],
    seen: found.walk.walked,
  };
  return {
    versions: page,
    next: hasMore ? writeCursor(next) : undefined,
    truncatedByShallowClone: !hasMore && (await isShallowAt(context, page.at(-1)?.commit)),
    broken: await brokenVersions(context, found.walk.broken, { refs: found.refs, seen: cursor?.seen ?? 0 }),
  };
}

/** Every path that a prompt has had in the history of HEAD, newest first; if two branches renamed it, both paths. */
export async function readPaths(context: RepositoryContext, path: string, signal?: AbortSignal): Promise<string[]> {
  const { head } = context.repository;
  if (head === undefined) return [path];
  const search: Search = { context, path, tips: [head], signal, cursor: undefined };
  const start = await promptAtTip(search);
  const { nodes } = await findNodes(search, { start, wanted: Number.POSITIVE_INFINITY, ahead: MOST_AHEAD });
  return [...new Set([path, ...nodes.map((node) => node.path)])];
}

interface Search {
  context: RepositoryContext;
  path: string;
  tips: string[];
  signal: AbortSignal | undefined;
  cursor: HistoryCursor | undefined;
}

const NO_REFS: PromptRefs = { tags: [], labels: [] };

/** With more tips a cursor would be useless, and git's list is not cached. */
const MOST_TIPS = 200;
const EVERYWHERE = ['--branches', '--remotes', '--tags'];

/** The tips of the history, or the equivalent options if there are too many. */
async function findTips(
  { git, objects, repository }: RepositoryContext,
  scope: 'branch' | 'all',
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const own = repository.head === undefined ? [] : [repository.head];
  if (scope === 'branch') return own;
  const args = ['for-each-ref', '--format=%(objectname)', 'refs/heads', 'refs/remotes', 'refs/tags'];
  const named = (await git.run(args, { signal, mayPrintNothing: true })).split('\n').filter(Boolean);
  const hashes = [...new Set(named)];
  if (hashes.length > MOST_TIPS) return [...own, ...EVERYWHERE];
  // a ref to a missing object, or to something else than a commit, is not a tip
  const found = await Promise.all(hashes.map((hash) => objects.read(`${hash}^{commit}`)));
  return [...new Set([...own, ...found.flatMap((object) => object?.hash ?? [])])];
}

interface Found {
  rows: HistoryRow[];
  walk: WalkedNodes;
  /** Names and paths that the prompt had, and the refs that point to it by one of them. */
  refs: PromptRefs;
  paths: ReadonlySet<string>;
}

/** Rows up to the end of the page, and one more if there is one. */
async function findRows(search: Search, limit: number): Promise<Found> {
  const { context, path, signal, cursor } = search;
  const start = await promptAtTip(search);
  const own = start?.name ?? nameOfPath(path);
  const seen = cursor?.shown.length ?? 0;
  let reading: Promise<PromptRefs> | undefined;
  for (let ahead = limit; ; ahead *= GROWTH) {
    // The log first: it takes longer, and starting a process blocks this one for a moment.
    const walking = findNodes(search, { start, wanted: seen + ahead, ahead });
    reading ??= readPromptRefs(context, signal, [own]);
    const [walk, refs] = await Promise.all([walking, reading]);
    const names = new Set(walk.nodes.map(({ prompt }) => prompt.name));
    names.delete(own);
    const former = names.size > 0 ? await readPromptRefs(context, signal, [...names]) : NO_REFS;
    const all = { tags: [...refs.tags, ...former.tags], labels: [...refs.labels, ...former.labels] };
    const paths = new Set([path, ...walk.nodes.map((node) => node.path)]);
    const { rows, incomplete } = await rowsOf(context, walk, pointersOf(all, paths));
    if (!incomplete) return { rows, walk, refs: all, paths };
  }
}

/** Which partials to look up first, and the name of the prompt. */
async function promptAtTip({ context, path, tips }: Search): Promise<PromptAt | undefined> {
  const [tip] = tips;
  return tip === undefined || tip.startsWith('-') ? undefined : promptAt(context, tip, path);
}

interface Wanted {
  start: PromptAt | undefined;
  /** Rows in total, and those that were not shown yet. */
  wanted: number;
  ahead: number;
}

/** Requests more from git until the page is full, and more files if an older version used other partials or names. */
async function findNodes(
  { context, path, tips, signal, cursor }: Search,
  { start, wanted, ahead }: Wanted,
): Promise<WalkedNodes> {
  const files = new Set([path, ...(start?.candidates ?? [])]);
  const renames = openRenames(context);
  const lineage = new Map<string, Set<string>>();
  const isEnough = enough(wanted);
  const seen = cursor?.seen ?? 0;
  // A reader of a second page will read on: twice as much at a time, so that git need not start over for each page.
  let count = seen + Math.min(seen, MOST_AHEAD) + ahead + (files.size > 1 ? AHEAD : LEAST_AHEAD);
  for (;;) {
    const log = await logCommits(context, { tips, paths: [...files], count, signal });
    const order = orderCommits(log.entries, tips.length);
    const slice = Math.min(SLICE, ahead + AHEAD);
    const walk = await walkHistory({ context, path, order, files, renames, lineage, slice, isEnough, signal });
    for (const file of walk.missing) files.add(file);
    if (walk.missing.size > 0 || walk.again) continue;
    if (isEnough(walk.nodes) || log.complete) return toWalked(walk, order, { log, tips, files, signal });
    count *= GROWTH;
  }
}

/** One more than the pages have; counted incrementally, since it is needed at every commit. */
function enough(wanted: number): (nodes: readonly HistoryNode[]) => boolean {
  let counted = 0;
  let differing = 0;
  let of: readonly HistoryNode[] | undefined;
  return (nodes) => {
    if (nodes !== of) [of, counted, differing] = [nodes, 0, 0];
    for (; counted < nodes.length; counted += 1) if (nodes[counted]?.differs) differing += 1;
    return differing > wanted;
  };
}

function toWalked(
  { nodes, followers, broken, walked }: HistoryWalk,
  { entries }: CommitOrder,
  rest: Pick<WalkedNodes, 'tips' | 'files' | 'signal'> & { log: { complete: boolean } },
): WalkedNodes {
  const { log, ...given } = rest;
  const places = new Map(entries.map(({ commit }, place) => [commit, place]));
  return {
    ...given,
    nodes,
    followers,
    broken,
    entries,
    places,
    walked,
    complete: log.complete && walked === entries.length,
  };
}

function toVersion({ entry, path, prompt, rewritten, renamedFrom }: HistoryRow): PromptVersion {
  const { commit, shortCommit, author, authoredAt, committedAt, subject, changes } = entry;
  const used = new Set(prompt.partials);
  const partials = changes.filter(({ path: file, removed }) =>
    removed ? prompt.candidates.includes(file) : used.has(file),
  );
  return {
    commit,
    shortCommit,
    path,
    blob: prompt.blob,
    contentHash: prompt.hash,
    author,
    authoredAt,
    committedAt,
    subject,
    changed: { prompt: rewritten, partials: partials.map((change) => change.path), renamedFrom },
    savedAs: [],
    labels: [],
  };
}
