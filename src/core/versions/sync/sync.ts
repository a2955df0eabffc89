import type { Author } from '../git/identity.ts';
import type { RepositoryHandle } from '../git/repository-handle.ts';
import { noteRecentResults } from '../results/note-results.ts';
import { resolveConflict, type SyncConflict } from './conflicts.ts';
import { type FetchResult, fetchVersions } from './fetch-versions.ts';
import { type PushPlan, planPush } from './plan-push.ts';
import { type PushResult, pushVersions } from './push-versions.ts';

/** Labels, saved versions and results, exchanged with a remote. */
export interface Sync {
  planPush(remote?: string, signal?: AbortSignal): Promise<PushPlan>;
  push(plan: PushPlan, signal?: AbortSignal): Promise<PushResult>;
  fetch(remote?: string, signal?: AbortSignal): Promise<FetchResult>;
  /** Resolves a conflict with a move that keeps both sides' history. */
  resolveConflict(conflict: SyncConflict, keep: 'mine' | 'theirs', author?: Author): Promise<void>;
}

export function createSync({ open, reopen }: RepositoryHandle): Sync {
  return {
    async planPush(remote, signal) {
      const context = await open(signal);
      const notices = await noteRecentResults(context, signal);
      const plan = await planPush(context, remote, signal);
      return { ...plan, notices: [...notices, ...plan.notices] };
    },
    push: async (plan, signal) => pushVersions(await open(signal), plan, signal),
    fetch: async (remote, signal) => fetchVersions(await open(signal), remote, signal),
    resolveConflict: async (conflict, keep, author) => resolveConflict(await reopen(), { conflict, keep, author }),
  };
}
