import { formatCount, formatList } from '../../src/shared/format.ts';
import { announce } from '../shared/frame/live-region.ts';
import { isLive, isStale } from './derived.ts';
import { columnName } from './describe-column.ts';
import { announcement } from './describe-run.ts';
import type { CompareSession } from './session.ts';
import type { Column, Run } from './state.ts';

/** The last known state of a run. */
interface Seen {
  live: boolean;
  stale: boolean;
}

/** Announces to screen readers that columns started, that a run ended, and that answers are outdated. */
export function announceRuns(session: CompareSession): void {
  let known: ReadonlySet<string> = new Set();
  let seen: ReadonlyMap<string, Seen> | undefined;
  session.state.subscribe(() => {
    const columns = session.state.get()?.columns ?? [];
    // Existing runs of a new panel or column are not announced. A quick run that starts and ends in one message is.
    if (seen) {
      const existing = columns.filter(({ id }) => known.has(id));
      announceStart(existing, seen);
      for (const column of existing) announceEnd(column, seen);
      announceChange(existing, seen);
    }
    known = new Set(columns.map(({ id }) => id));
    const runs = columns.flatMap((column) => column.runs);
    seen = new Map(runs.map((run) => [run.runId, { live: isLive(run), stale: isStale(run) }]));
  });
}

type SeenRuns = ReadonlyMap<string, Seen>;

function announceStart(columns: Column[], seen: SeenRuns): void {
  const isNew = (run: Run) => isLive(run) && !seen.get(run.runId)?.live;
  const started = columns.filter(({ runs }) => runs.some(isNew));
  const [first] = started;
  if (first) announce(started.length === 1 ? `${columnName(first)} started` : `${started.length} columns started`);
}

/**
 * Repeated runs are announced once, when the last one has ended, with the number of failures, to avoid fifty
 * announcements.
 */
function announceEnd(column: Column, seen: SeenRuns): void {
  const { runs } = column;
  const ended = runs.filter((run) => !isLive(run) && seen.get(run.runId)?.live !== false);
  const [only] = ended;
  if (!only || runs.some(isLive)) return;
  const name = columnName(column);
  const failed = runs.filter(({ state }) => state === 'failed').length;
  const all = `${name}: ${formatCount(runs.length, 'run')} ended${failed > 0 ? `, ${failed} failed` : ''}`;
  announce(runs.length === 1 ? announcement(name, only) : all);
}

function announceChange(columns: Column[], seen: SeenRuns): void {
  const runs = columns.flatMap((column) => column.runs);
  const old = runs.find((run) => isStale(run) && seen.get(run.runId)?.stale === false);
  if (old) announce(`Answers are out of date: ${formatList(old.stale ?? [])} changed`);
}
