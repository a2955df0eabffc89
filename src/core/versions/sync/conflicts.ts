import { UserError } from '../../base/errors.ts';
import type { RepositoryContext } from '../context.ts';
import { type Author, identityEnv, identityEnvOrDefault } from '../git/identity.ts';
import { readLabelCommit } from '../labels/label-commits.ts';
import { commitStep, swap } from '../labels/label-step.ts';
import { decodeName, LABEL_PREFIX, NOTES_REF } from '../names/ref-names.ts';
import { mergeNotes } from '../results/notes.ts';
import { isLabelRef } from './remotes.ts';

/** A label or the results of both sides: neither side is overwritten by the other. */
export interface SyncConflict {
  ref: string;
  description: string;
  mine: string;
  theirs: string;
}

/** Both sides of a label as text: `churn-analysis: production is on 1a2b3c here, on 4d5e6f there (Ada)`. */
export async function describeConflict(
  context: RepositoryContext,
  { ref, mine, theirs }: Omit<SyncConflict, 'description'>,
): Promise<SyncConflict> {
  const [prompt, label] = ref.slice(LABEL_PREFIX.length).split('/').map(decodeName);
  const [own, other] = await Promise.all([readLabelCommit(context, mine), readLabelCommit(context, theirs)]);
  const place = (target: string | undefined) => (target === undefined ? 'removed' : `on ${target.slice(0, 10)}`);
  const who = other ? ` (${other.by.name})` : '';
  const description = `${prompt}: ${label} is ${place(own?.target)} here, ${place(other?.target)} there${who}`;
  return { ref, description, mine, theirs };
}

/** Resolves a conflict with a move whose parents are both sides: both histories stay, and a push is a fast-forward. */
export async function resolveConflict(
  context: RepositoryContext,
  { conflict, keep, author }: { conflict: SyncConflict; keep: 'mine' | 'theirs'; author?: Author | undefined },
): Promise<void> {
  const { ref, mine, theirs } = conflict;
  if (ref === NOTES_REF) {
    await mergeNotes(context, theirs, { env: await identityEnvOrDefault(context, { author }) });
    return;
  }
  const sides = await Promise.all([readLabelCommit(context, mine), readLabelCommit(context, theirs)]);
  const [own, other] = sides;
  if (!isLabelRef(ref) || !own || !other) {
    throw new UserError(`${ref} has no conflict to resolve.`, { code: 'usage', hint: 'Fetch again.' });
  }
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
