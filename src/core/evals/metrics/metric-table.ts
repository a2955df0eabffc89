import { codeMetrics } from './code-metrics.ts';
import { businessMetrics, operationalMetrics } from './figure-metrics.ts';
import type { Metric } from './metric.ts';
import { structureMetrics } from './structure-metrics.ts';
import { textMetrics } from './text-metrics.ts';

/** Every metric, in the order of the docs. Docs, completion, checks and scores come from this table. */
export const METRICS: readonly Metric[] = [
  ...textMetrics,
  ...structureMetrics,
  ...codeMetrics,
  ...operationalMetrics,
  ...businessMetrics,
];

const byId: ReadonlyMap<string, Metric> = new Map(METRICS.map((metric) => [metric.id, metric]));

export function findMetric(id: string): Metric | undefined {
  return byId.get(id);
}
