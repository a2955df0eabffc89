import { mapConcurrent } from '../../base/map-concurrent.ts';
import type { RepositoryContext } from '../context.ts';
import { repositoryPath } from '../git/repository-path.ts';
import { readTip } from '../labels/label-step.ts';
import { NOTES_REF } from '../names/ref-names.ts';
import { readWorkingContent, workingFiles } from '../save/working-state.ts';
import { type EvalNote, newestEvalNotes } from './eval-notes.ts';
import { listNotes } from './list-notes.ts';
import { finishedResults, ownEvalNotes } from './note-evaluations.ts';
import { readEvalNotes } from './notes.ts';

interface Options {
  /** False if the folder has no database: reading must not create one. */
  withStore: boolean;
  signal?: AbortSignal | undefined;
}

/** How many prompts are read concurrently. */
const CONCURRENCY = 4;

/**
 * Evaluations of prompts as they are in the folder now, by their absolute paths. Only prompts that were evaluated in some
 * version are read, so that this takes no longer in a folder with thousands of others.
 */
export async function readWorkingEvaluations(
  context: RepositoryContext,
  files: readonly string[],
  { withStore, signal }: Options,
): Promise<Map<string, EvalNote[]>> {
  const { store, now } = context.ports;
  const [results, noted] = await Promise.all([withStore ? finishedResults(store) : [], readEvalNotes(context, signal)]);
  const evaluated = new Set(results.flatMap(({ columns }) => columns.flatMap(({ promptPath }) => promptPath ?? [])));
  const notedPaths = noted.size > 0 ? await pathsWithNotes(context, signal) : new Set<string>();
  const candidates = files.filter((file) => evaluated.has(file) || notedPaths.has(repositoryPath(context, file)));
  if (candidates.length === 0) return new Map();
  const own = Map.groupBy(await ownEvalNotes(store, results), ({ content }) => content);
  const readable = await workingFiles(context, signal);
  const found = new Map<string, EvalNote[]>();
  await mapConcurrent(candidates, CONCURRENCY, async (file) => {
    signal?.throwIfAborted();
    // a prompt that cannot be read has no score
    const path = repositoryPath(context, file);
    const content = await readWorkingContent(context, path, { files: readable, signal }).catch(() => undefined);
    if (!content) return;
    const notes = newestEvalNotes([...(noted.get(content.hash) ?? []), ...(own.get(content.hash) ?? [])], now());
    if (notes.length > 0) found.set(file, notes);
  });
  return found;
}

/** The prompts of the index whose text has a note, of runs or of evaluations. */
async function pathsWithNotes(context: RepositoryContext, signal: AbortSignal | undefined): Promise<Set<string>> {
  const tip = await readTip(context, NOTES_REF, signal);
  const [notes, listed] = await Promise.all([
    listNotes(context, tip, signal),
    context.git.run(['ls-files', '--stage', '-z'], { signal, mayPrintNothing: true }),
  ]);
  const entries = listed.split('\0').flatMap((line) => {
    const [, blob, path] = /^\d+ ([0-9a-f]+) \d\t(.+)$/s.exec(line) ?? [];
    return blob !== undefined && path?.endsWith('.prompt') ? [{ blob, path }] : [];
  });
  return new Set(entries.flatMap(({ blob, path }) => (notes.has(blob) ? [path] : [])));
}
