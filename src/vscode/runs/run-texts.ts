import type { RunSummary } from '../../core/store/runs/run-record.ts';
import { shortModel } from '../../core/versions/results/compare-results.ts';
import { formatDuration, formatUsd, UNKNOWN } from '../../shared/format.ts';
import { markSimulated } from '../../shared/simulated-cost.ts';
import { reasonOf } from '../models/describe-connections.ts';

/**
 * The grey text behind a run's prompt. A side bar has place for some twenty signs: what the run cost or why it failed comes
 * first, then by which model; the whole is in the tooltip.
 */
export function describeRun(run: RunSummary): string {
  const { error, model, simulated, costUsd, rating, startedAt } = run;
  const time = new Date(startedAt).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
  const cost = costUsd === undefined ? undefined : `${formatUsd(costUsd)}${simulated ? ' sim.' : ''}`;
  const facts = [
    rating && (rating === 'up' ? '+1' : '−1'),
    error && reasonOf(error),
    // unknown: of a run that failed or still runs that is no news
    cost ?? (run.state === 'done' ? UNKNOWN : undefined),
    shortModel(model),
    durationOf(run),
    time,
  ];
  return facts.filter(Boolean).join(' · ');
}

/** The same for ears, nothing shortened. */
export function speakRun(run: RunSummary): string {
  const { promptName, state, model, error, rating, startedAt } = run;
  const time = new Date(startedAt).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
  const facts = [model, time, durationOf(run), costOf(run), rating && `thumbs ${rating}`];
  return [promptName, state, facts.filter(Boolean).join(' · '), error && reasonOf(error)].filter(Boolean).join(', ');
}

export function costOf({ costUsd, simulated }: RunSummary): string {
  return markSimulated(formatUsd(costUsd), simulated);
}

/** Left out where it is unknown, as of a run that still goes on. */
export function durationOf({ elapsedMs }: RunSummary): string | undefined {
  return elapsedMs === undefined ? undefined : formatDuration(elapsedMs);
}
