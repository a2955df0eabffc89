import { isRecord } from '../../../shared/is-record.ts';
import { didYouMean, nearestNames } from '../../base/nearest-name.ts';
import type { ConfigChecks } from '../../config/check-config.ts';
import { describeLater } from '../metrics/later-metrics.ts';
import type { ParameterValues, Scale } from '../metrics/metric.ts';
import type { MetricSpec } from './eval-spec.ts';
import type { MetricInfo, MetricTable } from './metric-table.ts';

/** Keys that every metric has; the others are its parameters. */
const COMMON = ['metric', 'name', 'path', 'weight', 'threshold'];

interface MetricProblem {
  /** Below the metric; none for all of it. */
  keys: string[];
  code: 'unknown-metric' | 'metric-parameter';
  message: string;
}

/** One item of `metrics`, read before the rest of the file is checked, because that is not asynchronous. */
type ReadMetric = { metric: MetricSpec; warning: string | undefined } | { problems: MetricProblem[] };

/** The items of `metrics`; undefined for one that is no metric by the file's schema either. */
export async function readMetricList(value: unknown, table: MetricTable): Promise<(ReadMetric | undefined)[]> {
  const items: unknown[] = isRecord(value) && Array.isArray(value.metrics) ? value.metrics : [];
  return Promise.all(
    items.map((item) => {
      const fields = isRecord(item) ? item : { metric: item };
      const { metric } = fields;
      return typeof metric === 'string' ? readMetric(fields, { written: metric.trim(), item, table }) : undefined;
    }),
  );
}

interface Written {
  written: string;
  item: unknown;
  table: MetricTable;
}

async function readMetric(fields: Record<string, unknown>, { written, item, table }: Written): Promise<ReadMetric> {
  const at = isRecord(item) ? ['metric'] : [];
  const [id = ''] = written.split(':', 1);
  const info = table.metrics.find((metric) => metric.id === id);
  if (!info) return { problems: [{ keys: at, code: 'unknown-metric', message: unknownMetric(id, table) }] };
  const read = table.read(written);
  if ('problem' in read) return { problems: [{ keys: at, code: 'metric-parameter', message: read.problem }] };
  const own = Object.entries(fields).filter(([name]) => !COMMON.includes(name) || Object.hasOwn(info.parameters, name));
  const unknown = own.flatMap(([name]) => unknownParameter(info, name) ?? []);
  // values of YAML, which the check compares with the metric's schema
  const parameters = { ...read.parameters, ...Object.fromEntries(own) } as ParameterValues;
  const wrong = unknown.length > 0 ? [] : await table.check(id, parameters);
  const problems = [
    ...unknown,
    ...wrong.map(({ name, message }): MetricProblem => {
      const keys = name !== undefined && isRecord(item) && Object.hasOwn(item, name) ? [name] : at;
      return { keys, code: 'metric-parameter', message: `${id}: ${message}` };
    }),
  ];
  if (problems.length > 0) return { problems };
  const scale = info.resolve?.(parameters).scale ?? info.scale;
  return {
    metric: toSpec(fields, { written, info, parameters }),
    warning: thresholdProblem(id, scale, fields.threshold),
  };
}

const HIGHEST: Readonly<Record<Scale, number>> = {
  'yes-no': 1,
  '0-1': 1,
  '0-100': 100,
  count: Number.POSITIVE_INFINITY,
};

/** A threshold of another scale passes or fails every answer, which looks like a result. TER may exceed 100. */
function thresholdProblem(id: string, scale: Scale, threshold: unknown): string | undefined {
  if (typeof threshold !== 'number') return undefined;
  const highest = HIGHEST[scale];
  const isShare = scale === '0-100' && threshold > 0 && threshold < 1;
  if (scale === 'count' || (threshold >= 0 && (threshold <= highest || id === 'ter') && !isShare)) return undefined;
  return `${id} is from 0 to ${highest}, so a threshold of ${threshold} is probably of another scale.`;
}

function toSpec(
  fields: Record<string, unknown>,
  { written, info, parameters }: { written: string; info: MetricInfo; parameters: MetricSpec['parameters'] },
): MetricSpec {
  const { name, path, weight, threshold } = fields;
  return {
    name: typeof name === 'string' ? name.trim() : written,
    id: info.id,
    direction: info.resolve?.(parameters).direction ?? info.direction,
    parameters,
    path: typeof path === 'string' && !Object.hasOwn(info.parameters, 'path') ? path : undefined,
    weight: typeof weight === 'number' ? weight : 1,
    threshold: typeof threshold === 'number' ? threshold : undefined,
    ...(isReported(info, fields) && { isReported: true }),
  };
}

function isReported({ threshold, resolve }: MetricInfo, fields: Record<string, unknown>): boolean {
  return typeof fields.threshold !== 'number' && threshold === undefined && resolve === undefined;
}

function unknownMetric(id: string, { metrics }: MetricTable): string {
  const ids = metrics.map((metric) => metric.id);
  const later = describeLater(id);
  if (later !== undefined) return `unknown metric "${id}". ${later}`;
  return `unknown metric "${id}". ${didYouMean(nearestNames(id, ids, 1)) ?? `Metrics: ${ids.join(', ')}.`}`;
}

function unknownParameter({ id, parameters }: MetricInfo, name: string): MetricProblem | undefined {
  if (Object.hasOwn(parameters, name)) return undefined;
  const names = Object.keys(parameters);
  const others = names.length > 0 ? `Its parameters: ${names.join(', ')}.` : 'It has no parameters.';
  const hint = didYouMean(nearestNames(name, [...names, ...COMMON], 1)) ?? others;
  return { keys: [name], code: 'metric-parameter', message: `${id} has no parameter "${name}". ${hint}` };
}

/** Reports the problems of metrics, and two with one name. Returns the metrics that are valid. */
export function takeMetrics(read: readonly (ReadMetric | undefined)[], checks: ConfigChecks): MetricSpec[] {
  const taken: MetricSpec[] = [];
  for (const [index, one] of read.entries()) {
    const keys = ['metrics', String(index)];
    if (!one || !checks.fitsWhole(...keys)) continue;
    if ('problems' in one) {
      for (const { keys: at, code, message } of one.problems) {
        checks.report([...keys, ...at], `metrics: ${message}`, { code });
      }
    } else if (taken.some(({ name }) => name === one.metric.name)) {
      const message = `metrics: two metrics are named "${one.metric.name}". Give one of them a "name".`;
      checks.report(keys, message);
    } else {
      taken.push(one.metric);
      const { warning } = one;
      if (warning === undefined) continue;
      checks.report([...keys, 'threshold'], `metrics: ${warning}`, { code: 'metric-parameter', severity: 'warning' });
    }
  }
  return taken;
}
