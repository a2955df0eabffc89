import { UserError } from '../../base/errors.ts';
import type { RepositoryHandle } from '../git/repository-handle.ts';
import { readEvaluations } from './note-evaluations.ts';
import { type NotedRuns, noteResults, noteRuns, type RunsToNote } from './note-results.ts';
import { readResults } from './read-results.ts';
import { readWorkingEvaluations } from './working-evaluations.ts';

export type Results = ReturnType<typeof createResults>;

/** Costs and ratings of versions' runs, from this workspace's database and from git notes. */
export function createResults({ open, openFor, state }: RepositoryHandle) {
  return {
    read: async (contentHashes: readonly string[], signal?: AbortSignal) =>
      readResults(await open(signal), contentHashes, signal),
    /** Results of evaluations of these contents, this workspace's and colleagues': the newest of each evaluation. */
    readEvaluations: async (contentHashes: readonly string[], signal?: AbortSignal) =>
      readEvaluations(await open(signal), contentHashes, signal),
    /** Evaluations of prompts as they are in the folder now, by their absolute paths. */
    readWorkingEvaluations: async (
      files: readonly string[],
      options: { withStore: boolean; signal?: AbortSignal | undefined },
    ) => readWorkingEvaluations(await open(options.signal), files, options),
    /** Writes the database's results of this prompt's committed contents into git notes; returns how many records. */
    async note(file: string, signal?: AbortSignal) {
      const { count, notices } = await noteResults(...(await openFor(file, signal)), signal);
      if (notices.length > 0) throw new UserError(notices.join(' '), { code: 'git' });
      return count;
    },
    /**
     * The same after runs, for several prompts: a failure for one does not affect the others. Runs of a text that is
     * not committed wait in the database. Undefined if there is no repository.
     */
    async noteRuns(runs: RunsToNote): Promise<NotedRuns | undefined> {
      const { kind } = await state();
      return kind === 'ready' ? noteRuns(await open(), runs) : undefined;
    },
  };
}
