import type { ModelChoiceCapabilities, Parameters } from '../../src/protocol/compare.ts';

/** The numeric overrides of a column, in the order of the editor. */
export const NUMBER_PARAMETERS = [
  { name: 'temperature', label: 'Temperature', step: 'decimal' },
  { name: 'maxOutputTokens', label: 'Max output tokens', step: 'integer' },
  { name: 'topP', label: 'Top P', step: 'decimal' },
  { name: 'topK', label: 'Top K', step: 'integer' },
  { name: 'seed', label: 'Seed', step: 'integer' },
] as const;

export const REASONING_EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const;

/** Why a parameter cannot be set for this model. Undefined if it can, or if the catalogue does not know. */
export function unsupportedReason(name: string, capabilities: ModelChoiceCapabilities | undefined): string | undefined {
  switch (name) {
    case 'temperature':
      return capabilities?.temperature === 'refused'
        ? 'This model does not support temperature. It is not sent.'
        : undefined;
    case 'topK':
      return capabilities?.topK === false ? 'This model does not support top K.' : undefined;
    case 'seed':
      return capabilities?.seed === false ? 'This model does not support seeds.' : undefined;
    case 'reasoningEffort':
      return capabilities?.reasoningEfforts?.length === 0 ? 'This model does not support reasoning effort.' : undefined;
    case 'promptCaching':
      return capabilities?.promptCaching === false ? 'This model does not support explicit prompt caching.' : undefined;
    default:
      return undefined;
  }
}

/** The problem with a number as typed. Empty text means that the file's value applies. */
export function numberProblem(
  { name, step }: (typeof NUMBER_PARAMETERS)[number],
  text: string,
  capabilities: ModelChoiceCapabilities | undefined,
): string | undefined {
  if (text.trim() === '') return undefined;
  const value = Number(text);
  if (!Number.isFinite(value)) return 'Must be a number.';
  if (step === 'integer' && !Number.isInteger(value)) return 'Must be an integer.';
  if (step === 'integer' && !Number.isSafeInteger(value)) return 'Too large to send exactly.';
  if (name === 'topP' && (value < 0 || value > 1)) return 'Must be between 0 and 1.';
  if ((name === 'maxOutputTokens' || name === 'topK') && value < 1) return 'Must be at least 1.';
  const range = capabilities?.temperature;
  if (name !== 'temperature') return undefined;
  if (value < 0) return 'Must be at least 0.';
  if (typeof range === 'object' && (value < range.min || value > range.max)) {
    return `Must be between ${range.min} and ${range.max} for this model.`;
  }
  return undefined;
}

/** The overrides with one change. Undefined removes an override, so that the file's value applies again. */
export function withParameter<K extends keyof Parameters>(
  parameters: Parameters,
  name: K,
  value: Parameters[K] | undefined,
): Parameters {
  const { [name]: _old, ...rest } = parameters;
  return value === undefined ? rest : { ...rest, [name]: value };
}

/** One stop sequence per line, with `\n` and `\t` escaped. */
export function stopSequencesOf(text: string): string[] | undefined {
  const lines = text.split('\n').filter((line) => line !== '');
  const sequences = lines.map((line) => line.replace(/\\([nt\\])/g, (_, char: string) => ESCAPES[char] ?? char));
  return sequences.length === 0 ? undefined : sequences;
}

const ESCAPES: Record<string, string> = { n: '\n', t: '\t', '\\': '\\' };

export function stopSequencesText(sequences: string[] | undefined): string {
  const written = (char: string) => (char === '\n' ? '\\n' : char === '\t' ? '\\t' : '\\\\');
  return (sequences ?? []).map((sequence) => sequence.replace(/[\n\t\\]/g, written)).join('\n');
}

/** `temperature 0.2, seed 7`: the overrides of a column. */
export function overridesText(parameters: Parameters, promptCaching: boolean): string {
  const parts = Object.entries(parameters)
    .filter(([name, value]) => value !== undefined && name !== 'extra')
    .map(([name, value]) => `${LABELS[name] ?? name} ${Array.isArray(value) ? JSON.stringify(value) : String(value)}`);
  return [...parts, ...(promptCaching ? ['prompt caching'] : [])].join(', ');
}

const LABELS: Record<string, string> = {
  maxOutputTokens: 'max tokens',
  topP: 'top P',
  topK: 'top K',
  stopSequences: 'stop',
  reasoningEffort: 'effort',
};
