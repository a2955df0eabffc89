import { UserError } from '../../../core/base/errors.ts';
import { didYouMean, nearestNames } from '../../../core/base/nearest-name.ts';
import type { EvalMetric, EvalRecord } from '../../../core/store/evals/eval-record.ts';
import { formatList } from '../../../shared/format.ts';

/** The names of the metrics of two results. */
export interface PairedMetrics {
  /** Measured in the same way, so that they can be compared. */
  common: string[];
  /** In both, with other parameters or another code. */
  changed: string[];
  onlyInA: string[];
  onlyInB: string[];
}

export const SCORE_AGAIN = 'llmops eval --rescore scores the answers of a stored result by the metrics of its file.';

/** The same measure may have another name. */
export function pairMetrics(a: EvalRecord | undefined, b: EvalRecord | undefined): PairedMetrics {
  const [before, after] = [a?.metrics ?? [], b?.metrics ?? []];
  const sameAs = (one: EvalMetric, others: readonly EvalMetric[]) => others.some(({ hash }) => hash === one.hash);
  const namedAs = (one: EvalMetric, others: readonly EvalMetric[]) => others.some(({ name }) => name === one.name);
  const names = (metrics: readonly EvalMetric[]) => metrics.map(({ name }) => name);
  const other = after.filter((one) => !sameAs(one, before));
  return {
    common: names(after.filter((one) => sameAs(one, before))),
    changed: names(other.filter((one) => namedAs(one, before))),
    onlyInA: names(before.filter((one) => !sameAs(one, after) && !namedAs(one, after))),
    onlyInB: names(other.filter((one) => !namedAs(one, before))),
  };
}

/** Sentences; empty if all are common. */
export function describeMetrics({ changed, onlyInA, onlyInB }: PairedMetrics): string {
  const parts = [
    ...(changed.length > 0
      ? [`${formatList(changed)} ${changed.length > 1 ? 'have' : 'has'} changed in between.`]
      : []),
    ...(onlyInA.length > 0 ? [`Only the first one has ${formatList(onlyInA)}.`] : []),
    ...(onlyInB.length > 0 ? [`Only the second one has ${formatList(onlyInB)}.`] : []),
  ];
  return parts.join(' ');
}

/** What a comparison by every metric leaves out; undefined if that is nothing, or not asked for. */
export function describeLeftOut(
  metrics: PairedMetrics,
  { metric }: { metric: string | undefined },
): string | undefined {
  const text = describeMetrics(metrics);
  return metric === undefined && text !== '' ? `Not compared: ${text} ${SCORE_AGAIN}` : undefined;
}

/** There is no such metric in both, or not the same one. */
export function unknownMetric(name: string, metrics: PairedMetrics): UserError {
  const { common, changed, onlyInA, onlyInB } = metrics;
  if (changed.includes(name)) {
    return new UserError(`The metric ${name} has changed between the two results, so its scores cannot be compared.`, {
      code: 'usage',
      hint: SCORE_AGAIN,
    });
  }
  const inOne = onlyInA.includes(name) ? 'first' : onlyInB.includes(name) ? 'second' : undefined;
  if (inOne !== undefined) {
    return new UserError(`Only the ${inOne} result has the metric ${name}.`, { code: 'usage', hint: SCORE_AGAIN });
  }
  const known =
    common.length > 0 ? `Both have ${formatList(common)}.` : `They have none in common. ${describeMetrics(metrics)}`;
  const hint = didYouMean(nearestNames(name, common, 1)) ?? known;
  return new UserError(`The results have no common metric "${name}".`, { code: 'usage', hint });
}
