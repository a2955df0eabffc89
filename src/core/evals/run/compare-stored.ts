import { UserError } from '../../base/errors.ts';
import { didYouMean, nearestNames } from '../../base/nearest-name.ts';
import { compareResults, type ResultComparison } from '../aggregate/compare-results.ts';
import { compareResultsInWorker } from '../aggregate/summarize-in-worker.ts';
import type { StoredPlan } from './eval-plan.ts';
import type { EvalPorts } from './eval-ports.ts';
import { readResult, requireResult } from './summarize-stored.ts';

interface CompareOptions {
  /** Only this one. */
  metric?: string | undefined;
  signal?: AbortSignal | undefined;
}

/** Compares two stored results by the metrics that both measured in the same way. Throws UserError. */
export async function compareStored(
  { store, mayBlock }: Pick<EvalPorts, 'store' | 'mayBlock'>,
  ids: { a: string; b: string },
  { metric, signal }: CompareOptions,
): Promise<ResultComparison> {
  const [a, b] = await Promise.all([requireResult({ store }, ids.a), requireResult({ store }, ids.b)]);
  const names = b.metrics.map(({ name }) => name);
  if (metric !== undefined && !names.includes(metric)) {
    throw new UserError(`The result ${b.id} has no metric "${metric}".`, {
      code: 'usage',
      hint: didYouMean(nearestNames(metric, names, 1)) ?? `Its metrics are ${names.join(', ')}.`,
    });
  }
  const { confidence } = (b.plan as StoredPlan).spec;
  const [before, after] = await Promise.all([readResult({ store }, a), readResult({ store }, b)]);
  const compare = mayBlock ? compareResults : compareResultsInWorker;
  return compare({ a: before, b: after }, { confidence, metric, signal });
}
