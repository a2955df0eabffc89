import type { RepositoryContext } from './context.ts';
import { contentAt, type FoundContent } from './effective-content.ts';
import { type HistoryCursor, readCursor, writeCursor } from './history-cursor.ts';
import { joinRefs } from './join-refs.ts';
import { type IsAncestor, mergeLogs } from './merge-logs.ts';
import { type FileLog, followFile, type LogChange, type LogEntry, logFiles } from './prompt-log.ts';
import { promptNameOf } from './prompt-names.ts';
import { type PromptRefs, readPromptRefs } from './prompt-refs.ts';
import { isShallowAt } from './short-hash.ts';
import type { HistoryOptions, HistoryPage, PromptVersion } from './versions.ts';

const PAGE = 50;
/** Entries beyond a page that are asked for with it: some are no version of their own. */
const AHEAD = 10;
const MOST_AHEAD = 4000;

/** A page of a prompt's versions, newest first; a change of a partial that it uses is one. */
export async function readHistory(
  context: RepositoryContext,
  path: string,
  options: HistoryOptions = {},
): Promise<HistoryPage> {
  const { limit = PAGE, signal, scope = 'branch' } = options;
  const cursor = options.cursor === undefined ? undefined : readCursor(options.cursor);
  const tip = cursor ? cursor.tip : scope === 'branch' ? context.repository.head : undefined;
  const isUnborn = context.repository.head === undefined;
  if (isUnborn && scope === 'branch') return { versions: [], next: undefined, truncatedByShallowClone: false };
  const tips = tip ? [tip] : [...(isUnborn ? [] : ['HEAD']), '--branches', '--remotes', '--tags'];
  const search: Search = { context, path, tips, signal, cursor, limit };
  const start = startingContent(search);
  const [found, refs] = await Promise.all([
    findVersions(search, start),
    start.then((content) => readPromptRefs(context, signal, [promptNameOf(content?.source ?? '', path)])),
  ]);
  const versions = found.versions.slice(0, limit);
  const paths = [...new Set([path, ...found.paths])];
  const names = new Set(paths.flatMap((at) => [...found.sources].map((source) => promptNameOf(source, at))));
  names.delete(promptNameOf((await start)?.source ?? '', path));
  const former = names.size > 0 ? await readPromptRefs(context, signal, [...names]) : NO_REFS;
  const all = { tags: [...refs.tags, ...former.tags], labels: [...refs.labels, ...former.labels] };
  await joinRefs(context, versions, { refs: all, paths });
  const last = found.versions.length > limit ? versions.at(-1) : undefined;
  const seen = (cursor?.seen ?? 0) + found.entriesUpTo(last?.commit);
  return {
    versions,
    next: last && writeCursor({ tip, after: last.commit, at: last.committedAt, seen }),
    truncatedByShallowClone: !last && (await isShallowAt(context, versions.at(-1)?.commit)),
  };
}

interface Search {
  context: RepositoryContext;
  path: string;
  tips: string[];
  signal: AbortSignal | undefined;
  cursor: HistoryCursor | undefined;
  limit: number;
}

interface Found {
  /** One more than the page has, where there is one. */
  versions: PromptVersion[];
  /** Paths that the prompt had. */
  paths: string[];
  /** The prompt's own text in each of them: what it was called stands there. */
  sources: ReadonlySet<string>;
  entriesUpTo(commit: string | undefined): number;
}

/** Asks git for more until the page is full, and for more files where an older version used other partials. */
async function findVersions(search: Search, started: Promise<FoundContent | undefined>): Promise<Found> {
  const { context, path, tips, signal, cursor, limit } = search;
  const files = new Set<string>();
  const seen = cursor?.seen ?? 0;
  // Who reads on will read on: twice as much at a time, so that git need not begin anew for each page.
  let count = seen + Math.min(seen, MOST_AHEAD) + limit + AHEAD;
  let following = followFile(context, path, { tips, count, signal });
  for (const file of (await started)?.candidates ?? []) files.add(file);
  for (;;) {
    const related = [...files];
    const others = related.length === 0 ? NOTHING : logFiles(context, [path, ...related], { tips, count, signal });
    const [prompt, partials] = await Promise.all([following, others]);
    const merged = await mergeLogs(prompt, partials, ancestry(context, signal));
    const placed = placeEntries(merged.entries, path);
    const from = cursor ? placed.findIndex(isAfter(cursor, placed)) : 0;
    const rest = from < 0 ? [] : placed.slice(from);
    const { versions, sources, missing } = await readVersions(search, rest, files);
    if (missing.length > 0) {
      for (const file of missing) files.add(file);
      continue;
    }
    if (versions.length > limit || merged.complete) {
      const paths = [...new Set(placed.map((entry) => entry.path))];
      const entriesUpTo = (commit?: string) => rest.findIndex((entry) => entry.entry.commit === commit) + 1;
      return { versions, paths, sources, entriesUpTo };
    }
    count *= 2;
    if (!prompt.complete) following = followFile(context, path, { tips, count, signal });
  }
}

const NO_REFS: PromptRefs = { tags: [], labels: [] };
const NOTHING: FileLog = { entries: [], complete: true };

/** What says which partials to look for: the newest content of the page. */
async function startingContent({ context, path, tips, cursor }: Search): Promise<FoundContent | undefined> {
  const tip = cursor?.after ?? (tips[0] === 'HEAD' ? context.repository.head : tips[0]);
  return tip === undefined || tip.startsWith('-') ? undefined : contentAt(context, tip, path);
}

function ancestry({ git }: RepositoryContext, signal: AbortSignal | undefined): IsAncestor {
  return async (ancestor, of) => {
    const args = ['merge-base', '--is-ancestor', ancestor, of];
    return (await git.runCode(args, { signal, okCodes: [0, 1] })).code === 0;
  };
}

interface PlacedEntry {
  entry: LogEntry;
  /** The prompt's path after this commit. */
  path: string;
  renamedFrom: string | undefined;
}

/** Which path the prompt had at each entry: it changes where a rename is passed. */
function placeEntries(entries: readonly LogEntry[], newest: string): PlacedEntry[] {
  let path = newest;
  return entries.map((entry) => {
    const own = entry.changes.find((change) => change.path === path);
    const placed = { entry, path, renamedFrom: own?.renamedFrom };
    path = own?.renamedFrom ?? path;
    return placed;
  });
}

/** The entry after the cursor's; by its date where that commit is gone, as after a rewritten branch. */
function isAfter({ after, at }: HistoryCursor, placed: readonly PlacedEntry[]) {
  const known = placed.findIndex(({ entry }) => entry.commit === after);
  return ({ entry }: PlacedEntry, index: number) => (known < 0 ? entry.committedAt < at : index > known);
}

interface ReadVersions {
  versions: PromptVersion[];
  sources: ReadonlySet<string>;
  /** Files whose log is needed too. */
  missing: string[];
}

/** Reads what each commit had. Of neighbours with equal content the oldest is the version. */
async function readVersions(
  { context, limit }: Search,
  placed: readonly PlacedEntry[],
  files: ReadonlySet<string>,
): Promise<ReadVersions> {
  const versions: PromptVersion[] = [];
  const sources = new Set<string>();
  let newer: string | undefined;
  for (let at = 0; at < placed.length && versions.length <= limit; at += limit) {
    const slice = placed.slice(at, at + limit);
    const contents = await Promise.all(slice.map(({ entry, path }) => contentAt(context, entry.commit, path)));
    const missing = contents.flatMap((content) => content?.candidates ?? []).filter((file) => !files.has(file));
    if (missing.length > 0) return { versions, sources, missing };
    for (const [index, one] of slice.entries()) {
      const content = contents[index];
      if (content && content.hash === newer) versions.pop();
      if (content) versions.push(toVersion(one, content));
      if (content) sources.add(content.source);
      newer = content?.hash;
    }
  }
  return { versions, sources, missing: [] };
}

function toVersion({ entry, path, renamedFrom }: PlacedEntry, content: FoundContent & { blob: string }): PromptVersion {
  const { commit, shortCommit, author, authoredAt, committedAt, subject, changes } = entry;
  const own = changes.find((change) => change.path === path);
  const used = new Set(content.partials.map((partial) => partial.path));
  const isPartial = ({ path: file, removed }: LogChange) =>
    used.has(file) || (removed && content.candidates.includes(file));
  return {
    commit,
    shortCommit,
    path,
    blob: content.blob,
    contentHash: content.hash,
    author,
    authoredAt,
    committedAt,
    subject,
    changed: {
      prompt: own?.rewritten ?? false,
      partials: changes.filter(isPartial).map((change) => change.path),
      renamedFrom,
    },
    savedAs: [],
    labels: [],
  };
}
