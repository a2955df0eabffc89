import type { RunSummary } from '../../core/store/runs/run-record.ts';
import { shortModel } from '../../core/versions/results/compare-results.ts';
import { formatDuration, formatUsd, UNKNOWN } from '../../shared/format.ts';
import { markSimulated } from '../../shared/simulated-cost.ts';
import { reasonOf } from '../models/describe-connections.ts';

/**
 * The description after the prompt of a run. A side bar has room for about twenty characters: the cost or the error
 * comes first, then the model. The tooltip has the full text.
 */
export function describeRun(run: RunSummary): string {
  const { error, model, simulated, costUsd, rating, startedAt } = run;
  const time = new Date(startedAt).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
  const cost = costUsd === undefined ? undefined : `${formatUsd(costUsd)}${simulated ? ' sim.' : ''}`;
  const parts = [
    rating && (rating === 'up' ? '+1' : '−1'),
    error && reasonOf(error),
    // an unknown cost is only shown for a finished run
    cost ?? (run.state === 'done' ? UNKNOWN : undefined),
    shortModel(model),
    durationOf(run),
    time,
  ];
  return parts.filter(Boolean).join(' · ');
}

/** The same for screen readers, without abbreviations. */
export function runAriaLabel(run: RunSummary): string {
  const { promptName, state, model, error, rating, startedAt } = run;
  const time = new Date(startedAt).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
  const parts = [model, time, durationOf(run), costOf(run), rating && `thumbs ${rating}`];
  return [promptName, state, parts.filter(Boolean).join(' · '), error && reasonOf(error)].filter(Boolean).join(', ');
}

export function costOf({ costUsd, simulated }: RunSummary): string {
  return markSimulated(formatUsd(costUsd), simulated);
}

/** Left out if unknown, as for a run in progress. */
export function durationOf({ elapsedMs }: RunSummary): string | undefined {
  return elapsedMs === undefined ? undefined : formatDuration(elapsedMs);
}
