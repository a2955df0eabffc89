import type { EvalListed } from '../../store/evals/eval-record.ts';
import type { RepositoryContext, ResultStore } from '../context.ts';
import { type Author, committerName, identityEnvOrDefault } from '../git/identity.ts';
import { type EvalNote, newestEvalNotes, toEvalNotes } from './eval-notes.ts';
import { readEvalNotes, writeLines } from './notes.ts';
import {
  type CommittedContent,
  ensureRecorder,
  knownRecorder,
  type NotedContents,
  noteContents,
} from './read-results.ts';

/** Older results were noted when they were new. */
const MOST_RESULTS = 200;

/** The newest finished result of each evaluation for each content, as the database has them. */
export async function finishedResults(store: ResultStore): Promise<EvalListed[]> {
  const results = await store.evals.list({ limit: MOST_RESULTS });
  return results.filter(({ state, summary }) => state === 'done' && summary !== undefined);
}

/** The results of this workspace as notes of each content. */
export async function ownEvalNotes(store: ResultStore, results: readonly EvalListed[]): Promise<EvalNote[]> {
  if (results.length === 0) return [];
  const recorder = (await knownRecorder(store)) ?? '';
  return results.flatMap((result) => toEvalNotes(result, { by: '', recorder }));
}

/** The contents whose evaluations ended since, with the prompt of each. */
export async function evaluatedContents(store: ResultStore, since: number): Promise<Map<string, string | undefined>> {
  const results = (await finishedResults(store)).filter(({ endedAt }) => (endedAt ?? 0) >= since);
  const columns = results.flatMap((result) => result.columns);
  return new Map(columns.flatMap(({ contentHash, promptPath }) => (contentHash ? [[contentHash, promptPath]] : [])));
}

/** Results of evaluations of these contents: this workspace's, and those of colleagues' notes. The newest of each evaluation. */
export async function readEvaluations(
  context: RepositoryContext,
  contentHashes: readonly string[],
  signal?: AbortSignal,
): Promise<Map<string, EvalNote[]>> {
  const { store, now } = context.ports;
  const wanted = new Set(contentHashes);
  const [results, noted] = await Promise.all([finishedResults(store), readEvalNotes(context, signal)]);
  const own = await ownEvalNotes(store, results);
  const mine = Map.groupBy(own, ({ content }) => content);
  const found = new Map<string, EvalNote[]>();
  for (const content of wanted) {
    const notes = newestEvalNotes([...(noted.get(content) ?? []), ...(mine.get(content) ?? [])], now());
    if (notes.length > 0) found.set(content, notes);
  }
  return found;
}

/** Notes the database's new results of runs and of evaluations for committed contents. */
export async function noteAll(
  context: RepositoryContext,
  contents: readonly CommittedContent[],
  options: NoteOptions = {},
): Promise<NotedContents> {
  const runs = await noteContents(context, contents, options);
  const evaluations = await noteEvaluations(context, contents, options);
  return {
    count: runs.count + evaluations.count,
    notices: [...new Set([...runs.notices, ...evaluations.notices])],
  };
}

interface NoteOptions {
  author?: Author | undefined;
  signal?: AbortSignal | undefined;
}

async function noteEvaluations(
  context: RepositoryContext,
  contents: readonly CommittedContent[],
  options: NoteOptions,
): Promise<NotedContents> {
  const { store, now } = context.ports;
  const nothing = { count: 0, notices: [] };
  if (contents.length === 0 || (await store.status()).mode === 'memory') return nothing;
  const results = await finishedResults(store);
  if (results.length === 0) return nothing;
  const env = await identityEnvOrDefault(context, options);
  const [noted, recorder, by] = await Promise.all([
    readEvalNotes(context, options.signal),
    ensureRecorder(store),
    committerName(context, env, options.signal),
  ]);
  const blobs = new Map(contents.map(({ contentHash, blob }) => [contentHash, blob]));
  const own = Map.groupBy(
    results.flatMap((result) => toEvalNotes(result, { by, recorder })),
    ({ content }) => content,
  );
  const fresh = [...blobs].flatMap(([content, blob]) => {
    const known = (noted.get(content) ?? []).filter((note) => note.recorder === recorder);
    const isNew = (note: EvalNote) => !known.some((old) => old.evaluation === note.evaluation && old.time >= note.time);
    return newestEvalNotes(own.get(content) ?? [], now())
      .filter(isNew)
      .map((evaluation) => ({ blob, evaluation }));
  });
  const notices = await writeLines(context, fresh, { env, signal: options.signal });
  return { count: fresh.length - notices.length, notices };
}
