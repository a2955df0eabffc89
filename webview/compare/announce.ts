import { announce } from '../shared/live-region.ts';
import { isLive } from './derived.ts';
import type { CompareSession } from './session.ts';
import { announcement, columnName } from './words.ts';

/** Tells a screen reader that columns have begun to run, and when a run that was seen under way has ended. */
export function watchRuns(session: CompareSession): void {
  let live: Set<string> | undefined;
  session.state.subscribe(() => {
    const columns = session.state.get()?.columns ?? [];
    const next = new Set<string>();
    const started = new Set<string>();
    for (const column of columns) {
      for (const run of column.runs) {
        if (isLive(run)) {
          next.add(run.runId);
          if (live?.has(run.runId) === false) started.add(columnName(column));
        } else if (live?.has(run.runId)) announce(announcement(columnName(column), run));
      }
    }
    const [name] = started;
    if (name !== undefined) announce(started.size === 1 ? `${name} runs` : `${started.size} columns run`);
    live = next;
  });
}
