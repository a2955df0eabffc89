import type { Author } from '../git/identity.ts';
import type { RepositoryHandle } from '../git/repository-handle.ts';
import { noteRecentResults } from '../results/note-results.ts';
import { resolveConflict, type SyncConflict } from './conflicts.ts';
import { fetchVersions } from './fetch-versions.ts';
import { type PushPlan, planPush } from './plan-push.ts';
import { pushVersions } from './push-versions.ts';

export type Sync = ReturnType<typeof createSync>;

/** Labels, saved versions and results, exchanged with a remote. */
export function createSync({ open, reopen }: RepositoryHandle) {
  return {
    async planPush(remote?: string, signal?: AbortSignal): Promise<PushPlan> {
      const context = await open(signal);
      const notices = await noteRecentResults(context, signal);
      const plan = await planPush(context, remote, signal);
      return { ...plan, notices: [...notices, ...plan.notices] };
    },
    push: async (plan: PushPlan, signal?: AbortSignal) => pushVersions(await open(signal), plan, signal),
    fetch: async (remote?: string, signal?: AbortSignal) => fetchVersions(await open(signal), remote, signal),
    /** Resolves a conflict with a move that keeps both sides' history. */
    resolveConflict: async (conflict: SyncConflict, keep: 'mine' | 'theirs', author?: Author) =>
      resolveConflict(await reopen(), { conflict, keep, author }),
  };
}
