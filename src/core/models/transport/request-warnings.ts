import type { ChatWarning, ReasoningEffort } from '../chat-model.ts';

/** A provider's request body, and warnings about what it does not support. */
export interface MappedRequest<Body> {
  body: Body;
  warnings: ChatWarning[];
}

/** Keys of `config` that this code sets itself, or that would change the shape of the answer. */
const RESERVED = new Set(['model', 'messages', 'stream', 'stream_options', 'n', 'tools', 'response_format']);

/** Provider-specific config, passed through; `demo.*` has no meaning here. */
export function readExtra(
  extra: Record<string, unknown> | undefined,
  warnings: ChatWarning[],
): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(extra ?? {})) {
    if (key.startsWith('demo.') || (key === 'stream_options' && value === null)) continue;
    if (RESERVED.has(key)) warnings.push(unsupported(key, 'is set by the prompt itself and cannot come from config'));
    else kept[key] = value;
  }
  return kept;
}

const EFFORTS: readonly ReasoningEffort[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

/** The closest effort that a model supports; on a tie the lower one, which costs less. */
export function nearestEffort(wanted: ReasoningEffort, known: readonly ReasoningEffort[]): ReasoningEffort {
  const distance = (effort: ReasoningEffort) => Math.abs(EFFORTS.indexOf(effort) - EFFORTS.indexOf(wanted));
  return [...known].sort((a, b) => distance(a) - distance(b) || EFFORTS.indexOf(a) - EFFORTS.indexOf(b))[0] ?? wanted;
}

export function unsupported(parameter: string, why: string): ChatWarning {
  return { code: 'parameter-unsupported', message: `${parameter} ${why}.` };
}

export function temperatureOmitted(temperature: number, onlyWithReasoning: boolean): ChatWarning {
  const why = onlyWithReasoning ? 'this model rejects it while reasoning' : 'this model rejects it';
  return { code: 'temperature-omitted', message: `temperature ${temperature} was left out: ${why}.` };
}

export function schemaUnsupported(why: string): ChatWarning {
  return {
    code: 'schema-unsupported',
    message: `The schema was not sent: ${why}. The answer is still checked against it.`,
  };
}

export function toolsUnsupported(model: string): ChatWarning {
  return { code: 'tools-unsupported', message: `The tools were left out: ${model} does not support tools.` };
}
