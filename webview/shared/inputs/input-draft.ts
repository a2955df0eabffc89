import type { InputField, InputProblem } from '../../../src/protocol/compare.ts';
import { inputName, isOfInput } from '../../../src/shared/input-path.ts';

/** The values of the form's controls: text for all fields except checkboxes. */
export type Draft = Record<string, string | boolean>;

export function draftOf(fields: InputField[], input: Record<string, unknown>): Draft {
  const draft: Draft = {};
  for (const field of fields) {
    const value = input[field.name];
    if (value === undefined || value === null) continue;
    draft[field.name] = field.type === 'boolean' && typeof value === 'boolean' ? value : textOf(value);
  }
  return draft;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

/**
 * The draft in the format of the host: values as typed. Valid numbers are sent as numbers, incomplete ones as text (the
 * host reports the problem), JSON as text. Empty values are left out, so that defaults apply.
 */
export function inputOf(fields: InputField[], draft: Draft): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const field of fields) {
    const value = draft[field.name];
    if (value === undefined) continue;
    if (typeof value === 'boolean') input[field.name] = value;
    else if (field.type === 'string' || value.trim() !== '') input[field.name] = typedValue(field, value);
  }
  return input;
}

function typedValue(field: InputField, text: string): unknown {
  if (field.type === 'number' || field.type === 'integer') {
    const number = Number(text);
    // Integers that cannot be represented exactly stay text, so that the host reports them instead of sending other
    // digits.
    const isKept = Number.isFinite(number) && (Number.isSafeInteger(number) || !/^\s*[-+]?\d+\s*$/.test(text));
    return isKept ? number : text;
  }
  if (field.type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  return text;
}

/**
 * The host's problems with one field, including nested paths, and syntax errors that are known before the host replies.
 */
export function problemsOf(field: InputField, text: string | boolean | undefined, problems: InputProblem[]): string[] {
  const own = problems.filter(({ path }) => isOfInput(path, field.name));
  const messages = own.map(({ path, message }) => {
    const at = inputName(path);
    return at === field.name ? message : `${at}: ${message}`;
  });
  const syntax = field.type === 'json' && typeof text === 'string' ? jsonProblem(text) : undefined;
  return syntax === undefined ? messages : [syntax];
}

function jsonProblem(text: string): string | undefined {
  if (text.trim() === '') return undefined;
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return `Invalid JSON:  ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** True if an `input` event only repeats what was sent. It must not overwrite newer text. */
export function sameInput(one: Record<string, unknown>, other: Record<string, unknown>): boolean {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].every((key) => JSON.stringify(one[key]) === JSON.stringify(other[key]));
}
