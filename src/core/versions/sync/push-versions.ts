import { toErrorInfo, UserError } from '../../base/errors.ts';
import type { RepositoryContext } from '../context.ts';
import { openTransport } from '../git/git-transport.ts';
import { identityEnv, identityEnvOrDefault } from '../git/identity.ts';
import { readLabelCommit } from '../labels/label-commits.ts';
import { commitStep, swap } from '../labels/label-step.ts';
import { decodeName, LABEL_PREFIX, NOTES_REF } from '../names/names.ts';
import { mergeNotes } from '../results/notes.ts';
import type { Author, PushPlan, PushResult, SyncConflict } from '../versions.ts';
import { isSendable } from './plan-push.ts';
import { findRemote, isLabelRef, mirrorRef } from './remotes.ts';

/** Sends what the plan shows, each ref on its own: one that is refused holds back no other. */
export async function pushVersions(
  context: RepositoryContext,
  plan: PushPlan,
  signal?: AbortSignal,
): Promise<PushResult> {
  const remote = await findRemote(context, plan.remote, signal);
  const items = plan.items.filter(isSendable);
  const transport = await openTransport(context);
  const answers = await transport.push(remote.name, items, signal);
  const rejections = new Map(answers.map(({ ref, rejected }) => [ref, rejected]));
  const sent = items.filter(({ ref }) => rejections.has(ref) && rejections.get(ref) === undefined);
  for (const { ref, commit } of sent) {
    // It is sent: that this side cannot write it down is put right by the next fetch, and no failure of the push.
    await context.git.run(['update-ref', mirrorRef(remote.name, ref), commit]).catch((error: unknown) => {
      context.ports.log.warn(`${ref} is sent, and that could not be written down: ${toErrorInfo(error).message}`);
    });
  }
  const rejected = items
    .filter((item) => !sent.includes(item))
    .map((item) => ({ item, reason: rejections.get(item.ref) ?? 'The remote did not answer for it.' }));
  return { sent, rejected };
}

export interface Settlement {
  conflict: SyncConflict;
  keep: 'mine' | 'theirs';
  author?: Author | undefined;
}

/** Ends a conflict by a move whose parents are both sides, so that both histories stay and pushing goes forward. */
export async function settleConflict(
  context: RepositoryContext,
  { conflict, keep, author }: Settlement,
): Promise<void> {
  const { ref, mine, theirs } = conflict;
  if (ref === NOTES_REF) {
    await mergeNotes(context, theirs, { env: await identityEnvOrDefault(context, { author }) });
    return;
  }
  const sides = await Promise.all([readLabelCommit(context, mine), readLabelCommit(context, theirs)]);
  const [own, other] = sides;
  if (!isLabelRef(ref) || !own || !other) throw noConflict(ref);
  const env = await identityEnv(context, { author });
  const [prompt = '', label = ''] = ref.slice(LABEL_PREFIX.length).split('/').map(decodeName);
  const kept = keep === 'mine' ? own : other;
  const lost = keep === 'mine' ? other : own;
  const why =
    keep === 'mine' ? `keeps this side's move over that of ${other.by.name}` : `keeps the move of ${other.by.name}`;
  const step = { prompt, label, former: [], target: kept.target, path: kept.path, why, env };
  const commit = await commitStep(context, step, { previous: [theirs, mine], from: lost.target });
  await swap(context, step, { ref, commit, tip: mine });
}

function noConflict(ref: string): UserError {
  return new UserError(`${ref} has no two sides to settle.`, { code: 'usage', hint: 'Fetch once more.' });
}
