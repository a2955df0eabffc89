import { announce } from '../shared/live-region.ts';
import { isLive } from './derived.ts';
import type { CompareSession } from './session.ts';
import { announcement, columnName } from './words.ts';

/** Tells a screen reader when a run that was seen under way has ended. */
export function watchRunEnds(session: CompareSession): void {
  let live = new Set<string>();
  session.state.subscribe(() => {
    const columns = session.state.get()?.columns ?? [];
    const next = new Set<string>();
    for (const column of columns) {
      for (const run of column.runs) {
        if (isLive(run)) next.add(run.runId);
        else if (live.has(run.runId)) announce(announcement(columnName(column), run));
      }
    }
    live = next;
  });
}
