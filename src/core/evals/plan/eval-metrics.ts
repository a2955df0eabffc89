import { hash } from 'node:crypto';
import { canonicalJson } from '../../datasets/row-identity.ts';
import type { EvalMetric } from '../../store/evals/eval-record.ts';
import type { MetricSpec } from '../file/eval-spec.ts';
import type { MetricUse, ScorerContext } from '../metrics/metric.ts';
import { resolveMetric } from '../metrics/read-metric.ts';

/** The metrics of an evaluation as its result keeps them. Throws UserError for code that cannot be read. */
export async function toEvalMetrics(specs: readonly MetricSpec[], context: ScorerContext): Promise<EvalMetric[]> {
  return Promise.all(
    specs.map(async (spec) => {
      const { title, scale, threshold, fingerprint } = resolveMetric(toMetricUse(spec));
      const { name, id, direction, weight, parameters, path } = spec;
      const code = await fingerprint?.(parameters, context);
      const scored = { id, parameters, path, threshold: spec.threshold, code };
      return {
        name,
        id,
        title: name === id ? title : name,
        scale,
        direction,
        threshold: spec.threshold ?? threshold,
        weight,
        hash: hash('sha256', canonicalJson(scored), 'hex'),
      };
    }),
  );
}

export function toMetricUse({ id, parameters, path, threshold }: MetricSpec): MetricUse {
  return { id, parameters, path, threshold };
}
