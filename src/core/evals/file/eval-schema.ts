import schema from '../../../../media/schemas/evaluation.schema.json' with { type: 'json' };
import type { ConfigSchema } from '../../config/schema-nodes.ts';
import type { JsonSchema } from '../../models/chat-model.ts';
import type { MetricInfo } from './metric-table.ts';
import type { MetricsInText } from './metrics-in-text.ts';

/**
 * The schema of evaluation files with the metrics and their parameters, for completion and hover; at a metric that is
 * known, only with its own, and in gates with the names that the file has.
 */
export function schemaWithMetrics(metrics: readonly MetricInfo[], { current, names = [] }: Place = {}): ConfigSchema {
  const ids = { enum: metrics.map(({ id }) => id), enumDescriptions: metrics.map(({ description }) => description) };
  const { metric, gate } = schema.definitions;
  const own = metrics.filter(({ id }) => id === current);
  const properties = {
    ...metric.properties,
    // its own path is another one than that of all metrics
    ...parametersOf(own.length > 0 ? own : metrics.map(withoutPath)),
    metric: { ...metric.properties.metric, ...ids },
  };
  const ofGate = { ...gate.properties, metric: { ...gate.properties.metric, enum: names } };
  return {
    ...schema,
    definitions: {
      ...schema.definitions,
      metric: { ...metric, ...ids, properties },
      gate: { ...gate, properties: ofGate },
    },
  };
}

type Place = Partial<MetricsInText>;

function withoutPath({ parameters: { path: _, ...parameters }, ...metric }: MetricInfo): MetricInfo {
  return { ...metric, parameters };
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
