import { LARGEST_SCORE } from '../../../shared/statistics.ts';
import { isAbortError } from '../../base/errors.ts';
import type { CorpusRule, Direction, Measured, Metric, MetricUse, Sample, Scorer, ScorerContext } from './metric.ts';
import { resolveMetric } from './read-metric.ts';
import { shortenReason } from './shorten-reason.ts';
import { readAnswerJson } from './structure/answer-json.ts';
import { expectedAt, valueAtPath } from './structure/value-at-path.ts';
import { toText } from './text/references.ts';

/** The score of one answer; without a value, `reason` says why it is undefined. */
export interface Score {
  value: number | null;
  /** Null if the metric is only reported. */
  passed: boolean | null;
  reason?: string | undefined;
  warning?: string | undefined;
  statistics?: readonly number[] | undefined;
}

export interface MetricScorer {
  /** With the scale, direction and threshold that its parameters give it. */
  metric: Metric;
  /** Never throws: what goes wrong is a score without a value. A score that is not asynchronous is no promise. */
  score(sample: Sample): Score | Promise<Score>;
  corpus: CorpusRule | undefined;
  /** To be called at the end: a metric may have started a process. */
  close(): Promise<void>;
}

/**
 * Loads a metric; its parameters must have been checked. Throws UserError for code of the user that cannot be used:
 * `untrusted`, `unreadable-file`, `invalid-evaluation`.
 */
export async function createScorer(use: MetricUse, context?: ScorerContext): Promise<MetricScorer> {
  const metric = resolveMetric(use);
  const scorer = await metric.createScorer(use.parameters, context);
  const { path } = use;
  const isNegated = metric.scale === 'yes-no' && use.parameters.not === true;
  const threshold = use.threshold ?? metric.threshold;
  const toScore = (measured: Measured): Score => {
    const { value: found, statistics } = measured;
    const reason = measured.reason === undefined ? undefined : shortenReason(measured.reason);
    if (found === null) return { value: null, passed: null, reason, statistics };
    if (!Number.isFinite(found)) return { value: null, passed: null, reason: `The metric yields ${found}.` };
    if (Math.abs(found) > LARGEST_SCORE) return { value: null, passed: null, reason: tooLarge(found) };
    const value = isNegated ? 1 - found : found;
    const own = use.threshold === undefined ? measured.passed : undefined;
    const passed = own ?? (threshold === undefined ? null : passes(value, threshold, metric.direction));
    return { value, passed, reason, warning: measured.warning, statistics };
  };
  return {
    metric,
    corpus: scorer.corpus,
    close: async () => scorer.close?.(),
    score(sample) {
      try {
        const measured = path === undefined ? scorer.score(sample) : scoreAt(path, sample, scorer);
        return measured instanceof Promise ? measured.then(toScore, toFailure) : toScore(measured);
      } catch (error) {
        return toFailure(error);
      }
    },
  };
}

/** Scores the value at a path of the answer against the values at that path of whole expected answers. */
async function scoreAt(path: string, sample: Sample, scorer: Scorer): Promise<Measured> {
  const json = await readAnswerJson(sample.output);
  if ('problem' in json) return { value: null, reason: json.problem };
  const value = valueAtPath(json.value, path);
  if (value === undefined) return { value: null, reason: `The answer has no ${path}.` };
  const references = sample.references?.map((expected) => expectedAt(path, expected));
  return scorer.score({ ...sample, output: toText(value), references });
}

const tooLarge = (value: number) =>
  `The metric yields ${value}, but scores are from -${LARGEST_SCORE} to ${LARGEST_SCORE}.`;

function toFailure(error: unknown): Score {
  if (isAbortError(error)) throw error;
  const reason = error instanceof Error ? error.message : String(error);
  return { value: null, passed: null, reason: `The metric failed: ${shortenReason(reason)}` };
}

/** At the threshold a score passes, from either direction. */
export function passes(value: number, threshold: number, direction: Direction): boolean {
  return direction === 'higher' ? value >= threshold : value <= threshold;
}
