import type { InputField } from '../../../src/protocol/compare.ts';

interface InputValue {
  name: string;
  /** Undefined if a required value is missing. */
  text: string | undefined;
}

/** The values of a collapsed form: those that are set, and required ones that are missing. */
export function inputValues(fields: readonly InputField[], input: Record<string, unknown>): InputValue[] {
  return fields.flatMap(({ name, required, default: preset }) => {
    const given = input[name];
    const value = isEmpty(given) ? preset : given;
    const text = isEmpty(value) ? undefined : textOf(value);
    return text === undefined && !required ? [] : [{ name, text }];
  });
}

const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === '';

/** On one line; multi-line JSON is joined. */
function textOf(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.trim().replace(/\s+/g, ' ');
}

const LONG = 40;

/** `age 42`: a long text is truncated to leave room for other values. */
export function shortValue({ name, text = '—' }: InputValue): string {
  const characters = [...text];
  return `${name} ${characters.length > LONG ? `${characters.slice(0, LONG - 1).join('')}…` : text}`;
}
