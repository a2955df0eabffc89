import type { FileLog, LogEntry } from './prompt-log.ts';

export type IsAncestor = (ancestor: string, of: string) => Promise<boolean>;

export interface MergedLog {
  entries: LogEntry[];
  /** False where a log was cut short: what comes after the last entry is not known. */
  complete: boolean;
}

/** More than so many commits of one second are of a program's making, and their order tells nothing. */
const MOST_TIES = 50;

/**
 * The prompt's log and that of its partials as one, newest first. Each keeps its own order, since a clock may go wrong.
 * What both logs have stands where git put it among the partials' commits; else the committer's date decides, and
 * ancestry where the dates are equal.
 */
export async function mergeLogs(prompt: FileLog, partials: FileLog, isAncestor: IsAncestor): Promise<MergedLog> {
  const own = new Map(prompt.entries.map((entry) => [entry.commit, entry]));
  const places = new Map(partials.entries.map(({ commit }, place) => [commit, place]));
  const others = partials.entries.filter((entry) => {
    const same = own.get(entry.commit);
    if (same) own.set(entry.commit, { ...same, changes: withoutRepeats([...same.changes, ...entry.changes]) });
    return same === undefined;
  });
  const first = [...own.values()];
  const entries: LogEntry[] = [];
  let ties = 0;
  for (let a = 0, b = 0; ; ) {
    const [left, right] = [first[a], others[b]];
    // Before the prompt was there its partials' changes were none of its own.
    if (!left) return { entries, complete: prompt.complete };
    const place = places.get(left.commit);
    if (!right && !partials.complete && place === undefined) return { entries, complete: false };
    const isTie = place === undefined && left.committedAt === right?.committedAt;
    if (isTie) ties += 1;
    const isFirst =
      !right ||
      (place === undefined
        ? await isNewer(left, right, ties > MOST_TIES ? undefined : isAncestor)
        : place < (places.get(right.commit) ?? 0));
    if (isFirst) {
      entries.push(left);
      a += 1;
    } else {
      entries.push(right);
      b += 1;
    }
  }
}

async function isNewer(left: LogEntry, right: LogEntry, isAncestor: IsAncestor | undefined): Promise<boolean> {
  if (left.committedAt !== right.committedAt) return left.committedAt > right.committedAt;
  return isAncestor === undefined || !(await isAncestor(left.commit, right.commit));
}

function withoutRepeats(changes: LogEntry['changes']): LogEntry['changes'] {
  return changes.filter((change, index) => changes.findIndex(({ path }) => path === change.path) === index);
}
