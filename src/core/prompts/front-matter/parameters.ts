import { isRecord } from '../../../shared/is-record.ts';
import type { Parameters, ReasoningEffort } from '../../models/chat-model.ts';

const EFFORTS: readonly string[] = [
  'none',
  'minimal',
  'low',
  'medium',
  'high',
  'xhigh',
  'max',
] satisfies ReasoningEffort[];

interface ParameterProblem {
  /** Keys below `config`. */
  path: string[];
  message: string;
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) > 0;
const isInteger = (value: unknown): value is number => Number.isSafeInteger(value);
const isStrings = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');
const isEffort = (value: unknown): value is ReasoningEffort => typeof value === 'string' && EFFORTS.includes(value);

const EFFORT_EXPECTED = `one of ${EFFORTS.join(', ')}`;

/** The keys with a value of their own: what it must be, and how a message says so. */
const RULES = new Map<string, [is: (value: unknown) => boolean, expected: string]>([
  ['temperature', [isNumber, 'a number']],
  ['topP', [isNumber, 'a number']],
  ['maxOutputTokens', [isCount, 'an integer greater than 0']],
  ['topK', [isCount, 'an integer greater than 0']],
  ['seed', [isInteger, 'an integer']],
  ['stopSequences', [isStrings, 'a list of texts']],
  ['reasoningEffort', [isEffort, EFFORT_EXPECTED]],
]);

/** Maps a file's `config` to parameters; a value of the wrong type is reported and not sent. */
export function readParameters(config: Record<string, unknown>): {
  parameters: Parameters;
  problems: ParameterProblem[];
} {
  const parameters: Parameters = {};
  const problems: ParameterProblem[] = [];
  const extra: [string, unknown][] = [];
  const refuse = (path: string[], value: unknown, expected: string) => {
    problems.push({ path, message: `\`${path.join('.')}\` must be ${expected}, not ${describe(value)}.` });
  };
  for (const [key, value] of Object.entries(config)) {
    const [is, expected] = RULES.get(key) ?? [];
    if (is && expected !== undefined) {
      if (is(value)) Object.assign(parameters, { [key]: value });
      else refuse([key], value, expected);
    } else if (key === 'reasoning' && isRecord(value) && 'effort' in value) {
      const { effort, ...rest } = value;
      if (!isEffort(effort)) refuse([key, 'effort'], effort, EFFORT_EXPECTED);
      else if (!('reasoningEffort' in config)) parameters.reasoningEffort = effort;
      if (Object.keys(rest).length > 0) extra.push([key, rest]);
    } else extra.push([key, value]);
  }
  if (extra.length > 0) parameters.extra = Object.fromEntries(extra);
  return { parameters, problems };
}

/** A value for a message: `the text "warm"`, `a list`. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (typeof value === 'string')
    return `the text ${JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)}`;
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  return String(value);
}
