import { isAbortError, toErrorInfo, UserError } from '../../base/errors.ts';
import type { RepositoryContext } from '../context.ts';
import type { Author } from '../git/identity.ts';
import { type LabelCommit, readLabelCommit } from '../labels/label-commits.ts';
import { readTip, stepLabel } from '../labels/label-step.ts';
import { labelRef } from '../names/ref-names.ts';
import type { SavedTag } from '../refs/saved-tags.ts';
import { noteAll } from '../results/note-evaluations.ts';
import type { PendingSave } from './pending-saves.ts';
import { makeTag } from './saved-versions.ts';

export interface FinishOptions {
  env: Record<string, string>;
  author: Author | undefined;
  signal?: AbortSignal | undefined;
  /** Called when the tag exists: from then on the version has its number, whatever fails later. */
  onTag?: ((tag: SavedTag) => void) | undefined;
}

/** Adds the tag, the label and the results that a commit does not have yet. */
export async function finishSave(
  context: RepositoryContext,
  pending: PendingSave,
  options: FinishOptions,
): Promise<{ tag: SavedTag; label: string | undefined; notices: string[] }> {
  const { names, path, contentHash } = pending;
  const commit = pending.commit ?? '';
  const { tag, skipped } = await makeTag(context, { names, commit, path, contentHash, ...options });
  const notices = skipped.map((one) => `The tag ${one} was created by another program, so the next number is used.`);
  options.onTag?.(tag);
  const label = await setLabel(context, pending, { ...options, tag, notices });
  const blob = (await context.objects.read(`${commit}:${path}`))?.hash;
  if (blob !== undefined) {
    await noteAll(context, [{ blob, contentHash }], options).then(
      (noted) => notices.push(...noted.notices),
      (error: unknown) => {
        if (options.signal?.aborted) throw error;
        notices.push(`Its results could not be added to the git notes: ${toErrorInfo(error).message}`);
      },
    );
  }
  return { tag, label, notices };
}

interface LabelTarget extends FinishOptions {
  tag: SavedTag;
  notices: string[];
}

/** A label that someone moved since the save started stays where it is, and a notice reports it. */
async function setLabel(
  context: RepositoryContext,
  { names, path, label }: PendingSave,
  { tag, env, signal, notices }: LabelTarget,
): Promise<string | undefined> {
  if (!label) return undefined;
  const [prompt = '', ...former] = names;
  const target = tag.commit;
  const ref = labelRef(prompt, label.label);
  const own = await findSaveMove(context, { ref, since: label.tip, target });
  if (own?.isCurrent) return label.label;
  if (own) {
    const { by, target: now } = own.newest;
    const where = now === undefined ? 'removed it' : `moved it to ${now.slice(0, 10)}`;
    notices.push(`The label ${label.label} was set on v${tag.number}, and ${by.name} ${where} since.`);
    return undefined;
  }
  try {
    const step = { prompt, former, label: label.label, target, path, why: label.why, env };
    await stepLabel(context, { ...step, signal, expected: label.tip });
    return label.label;
  } catch (error) {
    if (!(error instanceof UserError) || isAbortError(error)) throw error;
    const saved = `v${tag.number} of ${prompt} is saved (${target.slice(0, 10)})`;
    notices.push(`${saved}, but without the label ${label.label}. ${error.message}`);
    return undefined;
  }
}

interface SaveMove {
  /** True if the label is still on the commit. */
  isCurrent: boolean;
  /** The label's newest move. */
  newest: LabelCommit;
}

/** The move with which an interrupted save set its label, if it did, among those since the label's tip at its start. */
async function findSaveMove(
  context: RepositoryContext,
  { ref, since, target }: { ref: string; since: string | null; target: string },
): Promise<SaveMove | undefined> {
  const tip = await readTip(context, ref);
  if (tip === undefined || tip === since) return undefined;
  const newest = await readLabelCommit(context, tip);
  if (!newest) return undefined;
  const seen = new Set([tip]);
  for (let waiting = [newest]; waiting.length > 0; ) {
    if (waiting.some((move) => move.target === target)) return { isCurrent: newest.target === target, newest };
    const before = waiting
      .flatMap(({ previous }) => previous)
      .filter((commit) => commit !== since && !seen.has(commit));
    for (const commit of before) seen.add(commit);
    const moves = await Promise.all([...new Set(before)].map((commit) => readLabelCommit(context, commit)));
    waiting = moves.filter((move) => move !== undefined);
  }
  return undefined;
}
