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

/** Maps a file's `config` to parameters; a value of the wrong type is reported and not sent. */
export function readParameters(config: Record<string, unknown>): {
  parameters: Parameters;
  problems: ParameterProblem[];
} {
  const parameters: Parameters = {};
  const problems: ParameterProblem[] = [];
  const extra: [string, unknown][] = [];
  const take = <T>(
    path: string[],
    value: unknown,
    is: (value: unknown) => value is T,
    expected: string,
  ): T | undefined => {
    if (is(value)) return value;
    problems.push({ path, message: `\`${path.join('.')}\` must be ${expected}, not ${describe(value)}.` });
    return undefined;
  };
  for (const [key, value] of Object.entries(config)) {
    const path = [key];
    switch (key) {
      case 'temperature':
      case 'topP':
        assign(parameters, key, take(path, value, isNumber, 'a number'));
        break;
      case 'maxOutputTokens':
      case 'topK':
        assign(parameters, key, take(path, value, isCount, 'an integer greater than 0'));
        break;
      case 'seed':
        assign(parameters, key, take(path, value, isInteger, 'an integer'));
        break;
      case 'stopSequences':
        assign(parameters, key, take(path, value, isStrings, 'a list of texts'));
        break;
      case 'reasoningEffort':
        assign(parameters, key, take(path, value, isEffort, `one of ${EFFORTS.join(', ')}`));
        break;
      case 'reasoning': {
        if (!isRecord(value) || !('effort' in value)) {
          extra.push([key, value]);
          break;
        }
        const { effort, ...rest } = value;
        const taken = take([key, 'effort'], effort, isEffort, `one of ${EFFORTS.join(', ')}`);
        if (!('reasoningEffort' in config)) assign(parameters, 'reasoningEffort', taken);
        if (Object.keys(rest).length > 0) extra.push([key, rest]);
        break;
      }
      default:
        extra.push([key, value]);
    }
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

function assign<K extends keyof Parameters>(target: Parameters, key: K, value: Parameters[K] | undefined): void {
  if (value !== undefined) target[key] = value;
}
