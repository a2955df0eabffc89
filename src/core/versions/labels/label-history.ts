import type { RepositoryContext } from '../context.ts';
import type { Author } from '../git/identity.ts';
import { type LabelCommit, readLabelCommit } from './label-commits.ts';

/** One move of a label; `from` is undefined if it was new, `to` if it was removed. */
export interface LabelMove {
  commit: string;
  by: Author;
  at: number;
  from: string | undefined;
  to: string | undefined;
  /** The user's reason; empty if there was none. */
  why: string;
}

/** Moves of a label, newest first, including both sides of a resolved conflict. */
export async function readLabelMoves(context: RepositoryContext, tip: string): Promise<LabelMove[]> {
  const found = new Map<string, LabelCommit>();
  for (let waiting = [tip]; waiting.length > 0; ) {
    const moves = await Promise.all(waiting.map((commit) => readLabelCommit(context, commit)));
    for (const move of moves) if (move) found.set(move.commit, move);
    waiting = [...new Set(moves.flatMap((move) => move?.previous ?? []))].filter((commit) => !found.has(commit));
  }
  return newestFirst(found, tip).map((move) => ({
    commit: move.commit,
    by: move.by,
    at: move.at,
    from: originOf(move, found),
    to: move.target,
    why: move.why,
  }));
}

/** A move precedes its ancestors, whatever the clocks of two machines say. */
function newestFirst(found: ReadonlyMap<string, LabelCommit>, tip: string): LabelCommit[] {
  const waitingFor = new Map<string, number>();
  for (const { previous } of found.values()) {
    for (const commit of previous) waitingFor.set(commit, (waitingFor.get(commit) ?? 0) + 1);
  }
  const ordered: LabelCommit[] = [];
  const ready = [found.get(tip)].filter((move) => move !== undefined);
  for (let next = ready.shift(); next; next = ready.shift()) {
    ordered.push(next);
    for (const commit of next.previous) {
      const left = (waitingFor.get(commit) ?? 1) - 1;
      waitingFor.set(commit, left);
      const move = found.get(commit);
      if (left === 0 && move) ready.push(move);
    }
    ready.sort((a, b) => b.at - a.at);
  }
  return ordered;
}

/** Its previous target: for a resolved conflict, that of the side that gave way. */
function originOf({ previous, target }: LabelCommit, found: ReadonlyMap<string, LabelCommit>): string | undefined {
  const targets = previous.map((commit) => found.get(commit)?.target);
  return targets.find((one) => one !== target) ?? targets[0];
}
