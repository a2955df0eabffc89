import type { EvalMetric, EvalSummary } from '../../store/evals/eval-record.ts';
import type { EvalPorts } from '../run/eval-ports.ts';
import { requireResult, summarizeStored } from '../run/summarize-stored.ts';
import { isRatedMetric } from './rated-metrics.ts';

/** Writes the figures of rated metrics, and the gates, after ratings were entered. */
export async function summarizeRatings(ports: Pick<EvalPorts, 'store' | 'mayBlock'>, id: string): Promise<void> {
  const first = await requireResult(ports, id);
  const rated = ratedNames(first.metrics);
  const now = await summarizeStored(ports, id, {
    kept: first.summary?.metrics.filter(({ metric }) => !rated.has(metric)),
  });
  // it may have been scored again meanwhile
  const { summary: before, metrics } = await requireResult(ports, id);
  await ports.store.evals.update(id, { summary: before ? joined(before, now, metrics) : now });
}

const ratedNames = (metrics: readonly EvalMetric[]) => new Set(metrics.filter(isRatedMetric).map(({ name }) => name));

/**
 * Figures that do not depend on ratings stay: what they were compared with may have been deleted since, and gates of the
 * command line are not stored.
 */
function joined(before: EvalSummary, now: EvalSummary, metrics: readonly EvalMetric[]): EvalSummary {
  const rated = ratedNames(metrics);
  return {
    metrics: now.metrics.map((own) => {
      const same = before.metrics.find(({ metric, column }) => metric === own.metric && column === own.column);
      return rated.has(own.metric) ? own : (same ?? own);
    }),
    gates: before.gates.map((own) => now.gates.find(({ gate }) => gate === own.gate) ?? own),
    unmatched: before.unmatched,
  };
}
