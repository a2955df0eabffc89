import { toErrorInfo } from '../../base/errors.ts';
import type { RepositoryContext } from '../context.ts';
import { openTransport } from '../git/git-transport.ts';
import { isSendable, type PushItem, type PushPlan } from './plan-push.ts';
import { findRemote, mirrorRef } from './remotes.ts';

export interface PushResult {
  sent: PushItem[];
  rejected: { item: PushItem; reason: string }[];
}

/** Sends what the plan shows, each ref on its own: a rejected one holds back no other. */
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
    // It was sent: a failure to record that locally is fixed by the next fetch, and does not make the push fail.
    await context.git.run(['update-ref', mirrorRef(remote.name, ref), commit]).catch((error: unknown) => {
      context.ports.log.warn(`${ref} was pushed, but this could not be recorded: ${toErrorInfo(error).message}`);
    });
  }
  const rejected = items
    .filter((item) => !sent.includes(item))
    .map((item) => ({ item, reason: rejections.get(item.ref) ?? 'The remote did not report its status.' }));
  return { sent, rejected };
}
