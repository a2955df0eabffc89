import schema from '../../../../media/schemas/evaluation.schema.json' with { type: 'json' };
import type { ConfigSchema } from '../../config/schema-nodes.ts';
import type { MetricInfo } from './metric-table.ts';

/** The schema of evaluation files with the metrics and their parameters, for completion and hover. */
export function schemaWithMetrics(metrics: readonly MetricInfo[]): ConfigSchema {
  const names = { enum: metrics.map(({ id }) => id), enumDescriptions: metrics.map(({ description }) => description) };
  const { metric } = schema.definitions;
  const parameters = Map.groupBy(
    metrics.flatMap(({ id, parameters }) => Object.entries(parameters).map(([name, own]) => ({ id, name, own }))),
    ({ name }) => name,
  );
  const described = [...parameters].map(([name, uses]) => {
    const ids = uses.map(({ id }) => id).join(', ');
    const [first] = uses;
    return [name, { ...first?.own, description: `${ids}: ${first?.own.description}` }] as const;
  });
  const properties = {
    ...metric.properties,
    metric: { ...metric.properties.metric, ...names },
    ...Object.fromEntries(described.filter(([name]) => !Object.hasOwn(metric.properties, name))),
  };
  return { ...schema, definitions: { ...schema.definitions, metric: { ...metric, ...names, properties } } };
}
