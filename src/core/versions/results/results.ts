import { UserError } from '../../base/errors.ts';
import type { RepositoryHandle } from '../git/repository-handle.ts';
import { ownPath } from '../git/repository-path.ts';
import { type NotedRuns, noteResults, noteRuns, type RunsToNote } from './note-results.ts';
import { readResults, type VersionResults } from './read-results.ts';

/** Costs and ratings of versions' runs, from this workspace's database and from git notes. */
export interface Results {
  read(contentHashes: readonly string[], signal?: AbortSignal): Promise<Map<string, VersionResults>>;
  /** Writes the database's results of this prompt's committed contents into git notes; returns how many records. */
  note(file: string, signal?: AbortSignal): Promise<number>;
  /**
   * The same after runs, for several prompts: a failure for one does not affect the others. Runs of a text that is not
   * committed wait in the database. Undefined if there is no repository.
   */
  noteRuns(runs: RunsToNote): Promise<NotedRuns | undefined>;
}

export function createResults({ open, state }: RepositoryHandle): Results {
  return {
    read: async (hashes, signal) => readResults(await open(signal), hashes, signal),
    async note(file, signal) {
      const context = await open(signal);
      const { count, notices } = await noteResults(context, await ownPath(context, file), signal);
      if (notices.length > 0) throw new UserError(notices.join(' '), { code: 'git' });
      return count;
    },
    async noteRuns(runs) {
      const { kind } = await state();
      return kind === 'ready' ? noteRuns(await open(), runs) : undefined;
    },
  };
}
