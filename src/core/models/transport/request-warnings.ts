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

/** The effort to send: the nearest that is offered, with a warning; none if the model does not reason. */
export function offeredEffort(
  effort: ReasoningEffort,
  offered: readonly ReasoningEffort[] | undefined,
  warnings: ChatWarning[],
): ReasoningEffort | undefined {
  if (offered === undefined || offered.includes(effort)) return effort;
  if (offered.length === 0) {
    if (effort !== 'none') warnings.push(unsupported('reasoningEffort', 'was left out: this model does not reason'));
    return undefined;
  }
  const nearest = nearestEffort(effort, offered);
  warnings.push(
    unsupported('reasoningEffort', `'${effort}' is not supported by this model; '${nearest}' was sent instead`),
  );
  return nearest;
}

export function limitStops(stops: string[], limit: number | undefined, warnings: ChatWarning[]): string[] {
  if (limit === undefined || stops.length <= limit) return stops;
  warnings.push(unsupported('stopSequences', `are limited to ${limit} here; the first ${limit} were sent`));
  return stops.slice(0, limit);
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
