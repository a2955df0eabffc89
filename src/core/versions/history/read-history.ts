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

export interface HistoryPage {
  versions: PromptVersion[];
  /** Hand it in for the next page; undefined at the end. */
  next: string | undefined;
  /** History ends where the clone was cut off, not where it began. */
  truncatedByShallowClone: boolean;
  /** Versions that are not in the list, since their text is missing. */
  broken: BrokenRef[];
}

export interface HistoryOptions {
  /** Entries of a page; 50 unless told. */
  limit?: number;
  cursor?: string;
  /** `branch`: what HEAD reaches (the default). `all`: every local and remote branch and tag, never the tool's own refs. */
  scope?: 'branch' | 'all';
  signal?: AbortSignal;
}

const PAGE = 50;
/** Entries beyond a page that are asked for with it: of a prompt that uses partials some are no version of their own. */
const AHEAD = 10;
/** The one that says whether there are more, and the one before it. */
const LEAST_AHEAD = 2;
const MOST_AHEAD = 4000;
/** Where a page was not filled, git is asked for so many times as much. */
const GROWTH = 4;
const SLICE = 64;

/** A page of a prompt's versions, newest first; a change of a partial that it uses is one. */
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

/** Every path that a prompt has had on the ways that lead to HEAD, newest first; where it was renamed twice, on both. */
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

/** With more of them a cursor would be of no use, and what git lists is not kept. */
const MOST_TIPS = 200;
const EVERYWHERE = ['--branches', '--remotes', '--tags'];

/** Where the history begins; the options that say so where that is in too many places. */
async function findTips(
  { git, objects, repository }: RepositoryContext,
  scope: 'branch' | 'all',
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const own = repository.head === undefined ? [] : [repository.head];
  if (scope === 'branch') return own;
  const args = ['for-each-ref', '--format=%(objectname)', 'refs/heads', 'refs/remotes', 'refs/tags'];
  const named = (await git.run(args, { signal, maySayNothing: true })).split('\n').filter(Boolean);
  const hashes = [...new Set(named)];
  if (hashes.length > MOST_TIPS) return [...own, ...EVERYWHERE];
  // a ref on an object that is missing, or on something else than a commit, is no place to begin
  const found = await Promise.all(hashes.map((hash) => objects.read(`${hash}^{commit}`)));
  return [...new Set([...own, ...found.flatMap((object) => object?.hash ?? [])])];
}

interface Found {
  rows: HistoryRow[];
  walk: WalkedNodes;
  /** Names and paths that the prompt had, and what points at it by one of them. */
  refs: PromptRefs;
  paths: ReadonlySet<string>;
}

/** Rows up to the end of the page, and one more where there is one. */
async function findRows(search: Search, limit: number): Promise<Found> {
  const { context, path, signal, cursor } = search;
  const start = await promptAtTip(search);
  const own = start?.name ?? nameOfPath(path);
  const seen = cursor?.shown.length ?? 0;
  let reading: Promise<PromptRefs> | undefined;
  for (let ahead = limit; ; ahead *= GROWTH) {
    // The log first: it takes longer, and each process holds this one up while it starts.
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

/** What says which partials to look for first, and what the prompt is called. */
async function promptAtTip({ context, path, tips }: Search): Promise<PromptAt | undefined> {
  const [tip] = tips;
  return tip === undefined || tip.startsWith('-') ? undefined : promptAt(context, tip, path);
}

interface Wanted {
  start: PromptAt | undefined;
  /** Rows in all, and those of them that were not shown yet. */
  wanted: number;
  ahead: number;
}

/** Asks git for more until the page is full, and for more files where an older version used other partials or names. */
async function findNodes(
  { context, path, tips, signal, cursor }: Search,
  { start, wanted, ahead }: Wanted,
): Promise<WalkedNodes> {
  const files = new Set([path, ...(start?.candidates ?? [])]);
  const renames = openRenames(context);
  const lineage = new Map<string, Set<string>>();
  const isEnough = enough(wanted);
  const seen = cursor?.seen ?? 0;
  // Who reads on will read on: twice as much at a time, so that git need not begin anew for each page.
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

/** One more than the pages have; counted on, since it is asked at every commit. */
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
