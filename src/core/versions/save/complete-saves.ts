import { isAbortError, toErrorInfo } from '../../base/errors.ts';
import type { RepositoryContext } from '../context.ts';
import { contentAt } from '../results/effective-content.ts';
import { reflogAction, revertAnnounced, updateIndex } from './commit-paths.ts';
import { type FinishOptions, finishSave } from './finish-save.ts';
import { type PendingSave, readPending, removePending } from './pending-saves.ts';

/** Completes saves that were killed; returns messages for the user, and the prompts concerned. */
export async function completeSaves(
  context: RepositoryContext,
  options: FinishOptions,
): Promise<{ notices: string[]; paths: string[] }> {
  const notices: string[] = [];
  const paths: string[] = [];
  for (const pending of await readPending(context)) {
    try {
      const finished = await completeOne(context, pending, options);
      if (!finished) continue;
      paths.push(pending.path);
      const { tag, notices: further } = finished;
      const what = `An earlier save of ${pending.path} was interrupted; it is now complete as v${tag.number}.`;
      notices.push(what, ...further);
    } catch (error) {
      // A save that cannot be completed must not keep other prompts from being saved.
      if (isAbortError(error)) throw error;
      notices.push(
        `An earlier save of ${pending.path} is committed, but could not be completed: ${toErrorInfo(error).message}`,
      );
    }
  }
  return { notices, paths };
}

async function completeOne(context: RepositoryContext, pending: PendingSave, options: FinishOptions) {
  const commit = await revertUncommitted(context, pending);
  return commit === undefined ? undefined : completeSave(context, { ...pending, commit }, options);
}

async function completeSave(context: RepositoryContext, pending: PendingSave, options: FinishOptions) {
  const commit = pending.commit ?? '';
  if (commit === context.repository.head) {
    const entries = pending.entries.map(([one, found]) => [one, found.map((entry) => entry ?? undefined)] as const);
    await updateIndex(context, commit, new Map(entries));
  }
  const content = await contentAt(context, commit, pending.path);
  const finished = await finishSave(
    context,
    { ...pending, contentHash: content?.hash ?? pending.contentHash },
    options,
  );
  await removePending(context, pending);
  return finished;
}

/** The commit of a save. If it created none that still counts, its preparations are reverted. */
export async function revertUncommitted(context: RepositoryContext, pending: PendingSave): Promise<string | undefined> {
  const commit = await findSaveCommit(context, pending);
  if (commit !== undefined) return commit;
  await revertAnnounced(context, pending.announced);
  await removePending(context, pending);
  return undefined;
}

/** The commit of a save, if it still counts. */
export async function findSaveCommit(context: RepositoryContext, pending: PendingSave): Promise<string | undefined> {
  const commit = pending.commit ?? (await findCommit(context, pending));
  return commit !== undefined && (await isInUse(context, commit)) ? commit : undefined;
}

/** By its line in the reflog; by its content if the repository has no reflog, or no longer the line. */
async function findCommit(context: RepositoryContext, pending: PendingSave): Promise<string | undefined> {
  const { git } = context;
  const quiet = { okCodes: [0, 128] };
  const reflog = await git.run(['log', '--walk-reflogs', '--format=%H %gs', '--max-count=500', 'HEAD', '--'], quiet);
  const action = reflogAction(pending.id);
  const line = reflog.split('\n').find((one) => one.slice(one.indexOf(' ') + 1).startsWith(action));
  if (line !== undefined) return line.slice(0, line.indexOf(' '));
  // A reflog that ends at HEAD is complete: a commit with this content was then created by someone else.
  const head = (await context.objects.read('HEAD'))?.hash;
  if (head !== undefined && reflog.startsWith(`${head} `)) return undefined;
  const range = pending.head === undefined ? ['HEAD'] : [`^${pending.head}`, 'HEAD'];
  const commits = await git.run(['rev-list', '--max-count=20', ...range, '--', pending.path], quiet);
  for (const commit of commits.split('\n').filter(Boolean)) {
    const content = await contentAt(context, commit, pending.path);
    if (content?.hash === pending.contentHash) return commit;
  }
  return undefined;
}

/** Someone may have dropped the commit since. */
async function isInUse({ git }: RepositoryContext, commit: string): Promise<boolean> {
  const inHead = await git.runCode(['merge-base', '--is-ancestor', commit, 'HEAD'], { okCodes: [0, 1, 128] });
  if (inHead.code === 0) return true;
  const args = ['for-each-ref', '--count=1', '--contains', commit, 'refs/heads', 'refs/remotes'];
  return (await git.run(args, { okCodes: [0, 129] })).trim() !== '';
}
