import type { LogEntry } from './prompt-log.ts';

/** A log as a graph: no commit precedes one of its descendants, whatever the clocks of two machines say. */
export interface CommitOrder {
  /** In the order of the log, but each after all of its descendants. */
  entries: LogEntry[];
  /** The first listed commits that the tips lead to. */
  tops: ReadonlySet<string>;
}

/**
 * From one tip that is the first entry of the log. From several, the entries without a listed descendant; with a wrong
 * clock that may also be a merge that turned out to join nothing, whose descendant refers to the commit before it.
 */
export function orderCommits(log: readonly LogEntry[], tips: number): CommitOrder {
  const byCommit = new Map(log.map((entry) => [entry.commit, entry]));
  const waitingFor = new Map<string, number>();
  for (const parent of log.flatMap(({ parents }) => parents)) {
    waitingFor.set(parent, (waitingFor.get(parent) ?? 0) + 1);
  }
  const unfollowed = log.flatMap(({ commit }) => (waitingFor.has(commit) ? [] : [commit]));
  const tops = new Set(tips === 1 ? log.slice(0, 1).map(({ commit }) => commit) : unfollowed);
  const entries: LogEntry[] = [];
  const reached = new Set<string>();
  for (const entry of log) {
    reached.add(entry.commit);
    const ready = waitingFor.get(entry.commit) ? [] : [entry];
    for (let next = ready.shift(); next; next = ready.shift()) {
      entries.push(next);
      for (const parent of next.parents) {
        const left = (waitingFor.get(parent) ?? 1) - 1;
        waitingFor.set(parent, left);
        const before = byCommit.get(parent);
        // git listed it too early: it follows as soon as all of its descendants are listed
        if (left === 0 && before && reached.has(parent)) ready.push(before);
      }
    }
  }
  return { entries, tops };
}
