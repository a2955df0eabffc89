import { randomUUID } from 'node:crypto';
import type { ContentSummary } from '../../store/runs/run-record.ts';
import type { RepositoryContext, ResultStore } from '../context.ts';
import { type Author, committerName, identityEnvOrDefault } from '../git/identity.ts';
import { type NotedRecord, readRecords, writeLines } from './notes.ts';
import { hasNewResults, newestByRecorder, sameCounts, sumSummaries, toRecord, toSummary } from './result-records.ts';

/** The quality figures of one effective content, from this workspace's runs and from colleagues' notes. */
export interface VersionResults {
  contentHash: string;
  /** Sum over all recorders; see `ContentSummary` for the fields. */
  summary: ContentSummary;
  /** The number of recorders in it, and whether some numbers are not in git notes yet. */
  recorders: number;
  pending: boolean;
}

/** Where the database stores its id as a recorder. */
const RECORDER = 'versions.recorder';

/** Results of these contents from this workspace's runs and colleagues' notes; nothing for contents without runs. */
export async function readResults(
  context: RepositoryContext,
  contentHashes: readonly string[],
  signal?: AbortSignal,
): Promise<Map<string, VersionResults>> {
  const { store } = context.ports;
  const [summaries, records, recorder] = await Promise.all([
    store.runs.summarizeContents(contentHashes),
    readRecords(context, signal),
    knownRecorder(store),
  ]);
  const own = new Map(summaries.map((summary) => [summary.contentHash, summary]));
  const results = new Map<string, VersionResults>();
  const now = context.ports.now();
  for (const contentHash of new Set(contentHashes)) {
    const noted = newestByRecorder(records.get(contentHash) ?? [], now);
    const mine = own.get(contentHash);
    const fresh = mine && toRecord(mine, { now: 0, by: '', recorder: recorder ?? '' });
    const known = fresh && noted.get(fresh.recorder);
    const pending = fresh !== undefined && hasNewResults(fresh, known, now);
    // The database has more than a note that an older version wrote for the same runs.
    if (fresh && (pending || (known && sameCounts(fresh, known)))) noted.set(fresh.recorder, fresh);
    if (noted.size === 0) continue;
    const summary = sumSummaries(contentHash, [...noted.values()].map(toSummary));
    results.set(contentHash, { contentHash, summary, recorders: noted.size, pending });
  }
  return results;
}

/** A content in some commit, and the blob of the prompt's file there. */
export interface CommittedContent {
  blob: string;
  contentHash: string;
}

export interface NotedContents {
  /** Records that were written. */
  count: number;
  /** What could not be added; sentences for the user. */
  notices: string[];
}

/** Notes the database's new results for committed contents. */
export async function noteContents(
  context: RepositoryContext,
  contents: readonly CommittedContent[],
  options: { author?: Author | undefined; signal?: AbortSignal | undefined } = {},
): Promise<NotedContents> {
  const { store } = context.ports;
  const nothing = { count: 0, notices: [] };
  // An in-memory database starts over in every window, and would be another recorder each time.
  if ((await store.status()).mode === 'memory') return nothing;
  const blobs = new Map(contents.map(({ contentHash, blob }) => [contentHash, blob]));
  const summaries = await store.runs.summarizeContents([...blobs.keys()]);
  if (summaries.length === 0) return nothing;
  const env = await identityEnvOrDefault(context, options);
  const [records, recorder, by] = await Promise.all([
    readRecords(context, options.signal),
    ensureRecorder(store),
    committerName(context, env, options.signal),
  ]);
  const now = context.ports.now();
  const fresh = summaries.flatMap((summary): NotedRecord[] => {
    const record = toRecord(summary, { now, by, recorder });
    const known = newestByRecorder(records.get(summary.contentHash) ?? [], now).get(recorder);
    return hasNewResults(record, known, now) ? [{ blob: blobs.get(summary.contentHash) ?? '', record }] : [];
  });
  const notices = await writeLines(context, fresh, { env, signal: options.signal });
  return { count: fresh.length - notices.length, notices };
}

export async function knownRecorder(store: ResultStore): Promise<string | undefined> {
  const known = await store.state.get(RECORDER);
  return typeof known === 'string' && known !== '' ? known : undefined;
}

export async function ensureRecorder(store: ResultStore): Promise<string> {
  const known = await knownRecorder(store);
  if (known !== undefined) return known;
  await store.state.set(RECORDER, randomUUID());
  // Another window may have been faster: its result counts for both.
  return (await knownRecorder(store)) ?? randomUUID();
}
