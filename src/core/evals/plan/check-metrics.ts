import path from 'node:path';
import { toErrorInfo, UserError } from '../../base/errors.ts';
import type { EvalMetric } from '../../store/evals/eval-record.ts';
import type { EvalSpec } from '../file/eval-spec.ts';
import type { ScorerContext } from '../metrics/metric.ts';
import { resolveMetric } from '../metrics/read-metric.ts';
import { toEvalMetrics, toMetricUse } from './eval-metrics.ts';

/**
 * The metrics of an evaluation, once the code of those that users wrote was loaded, without calling it: a function that
 * does not exist must not be found after all answers were paid. Throws UserError, which names the evaluation and the metric.
 */
export async function checkMetrics(spec: EvalSpec, context: ScorerContext): Promise<EvalMetric[]> {
  await Promise.all(
    spec.metrics.map(async (metric) => {
      try {
        await resolveMetric(toMetricUse(metric)).checkCode?.(metric.parameters, context);
      } catch (cause) {
        if (!(cause instanceof UserError)) throw cause;
        const { code, message, hint, action } = toErrorInfo(cause);
        const where = `${path.basename(spec.path) || spec.name}: metric ${metric.name}: `;
        throw new UserError(`${where}${message}`, { code, hint, action, cause });
      }
    }),
  );
  return toEvalMetrics(spec.metrics, context);
}
