import { UserError } from '../../base/errors.ts';
import { METRICS } from '../metrics/metric-table.ts';
import { findParameterProblems, getMetric, parametersOf, parseMetric } from '../metrics/read-metric.ts';
import type { MetricTable } from './metric-table.ts';

/** All metrics, as a file's check, completion and hover see them. */
export const KNOWN_METRICS: MetricTable = {
  metrics: METRICS.map((metric) => ({ ...metric, parameters: parametersOf(metric) })),
  read(written) {
    try {
      return parseMetric(written);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return { problem: `${error.message} ${error.hint ?? ''}`.trim() };
    }
  },
  check: (id, parameters) => findParameterProblems(getMetric(id), parameters),
};
