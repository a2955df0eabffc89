import type { RepositoryContext } from '../context.ts';
import { type LabelCommit, readLabelCommit } from '../labels/label-commits.ts';
import { readTip } from '../labels/label-step.ts';

interface SaveMove {
  /** True if the label is still on the commit. */
  stands: boolean;
  /** The label's newest move. */
  newest: LabelCommit;
}

/** The move with which an interrupted save set its label, if it did, among those since the label's tip at its start. */
export async function findSaveMove(
  context: RepositoryContext,
  { ref, since, target }: { ref: string; since: string | null; target: string },
): Promise<SaveMove | undefined> {
  const tip = await readTip(context, ref);
  if (tip === undefined || tip === since) return undefined;
  const newest = await readLabelCommit(context, tip);
  if (!newest) return undefined;
  const seen = new Set([tip]);
  for (let waiting = [newest]; waiting.length > 0; ) {
    if (waiting.some((move) => move.target === target)) return { stands: newest.target === target, newest };
    const before = waiting
      .flatMap(({ previous }) => previous)
      .filter((commit) => commit !== since && !seen.has(commit));
    for (const commit of before) seen.add(commit);
    const moves = await Promise.all([...new Set(before)].map((commit) => readLabelCommit(context, commit)));
    waiting = moves.filter((move) => move !== undefined);
  }
  return undefined;
}
