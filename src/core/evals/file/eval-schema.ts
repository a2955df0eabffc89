import schema from '../../../../media/schemas/evaluation.schema.json' with { type: 'json' };
import type { ConfigSchema } from '../../config/schema-nodes.ts';
import type { JsonSchema } from '../../models/chat-model.ts';
import type { MetricInfo } from './metric-table.ts';

/** The schema of evaluation files with the metrics and their parameters, for completion and hover. */
export function schemaWithMetrics(metrics: readonly MetricInfo[]): ConfigSchema {
  const names = { enum: metrics.map(({ id }) => id), enumDescriptions: metrics.map(({ description }) => description) };
  const { metric } = schema.definitions;
  const properties = {
    ...parametersOf(metrics),
    ...metric.properties,
    metric: { ...metric.properties.metric, ...names },
  };
  return { ...schema, definitions: { ...schema.definitions, metric: { ...metric, ...names, properties } } };
}

interface ParameterUse {
  id: string;
  own: JsonSchema;
}

/** Each name once: several metrics may have a parameter of that name, with other values and another meaning. */
function parametersOf(metrics: readonly MetricInfo[]): Record<string, JsonSchema> {
  const uses = new Map<string, ParameterUse[]>();
  for (const { id, parameters } of metrics) {
    for (const [name, own] of Object.entries(parameters)) uses.set(name, [...(uses.get(name) ?? []), { id, own }]);
  }
  return Object.fromEntries([...uses].map(([name, all]) => [name, describe(all)]));
}

function describe(uses: readonly ParameterUse[]): JsonSchema {
  const meanings = Map.groupBy(uses, ({ own }) => String(own.description));
  const lines = [...meanings].map(([meaning, its]) => `${its.map(({ id }) => id).join(', ')}: ${meaning}`);
  const values = new Set(uses.flatMap(({ own }) => (Array.isArray(own.enum) ? own.enum : [])));
  const areFlags = uses.every(({ own }) => own.type === 'boolean');
  return {
    description: lines.join('\n'),
    ...(values.size > 0 && { enum: [...values] }),
    ...(areFlags && { type: 'boolean' }),
  };
}
