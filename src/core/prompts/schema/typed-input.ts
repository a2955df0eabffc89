import { joinPath } from '../../../shared/input-path.ts';
import { parseJson } from '../../base/json/json-depth.ts';
import { findInexactNumber, INEXACT, isInexact } from '../../base/json/json-numbers.ts';
import type { InputField, InputProblem } from '../prompt.ts';

/**
 * Converts the content of a form or a command line (mostly text) into values of the fields' types. Values that cannot
 * be converted stay unchanged and are reported; an empty optional field is omitted, so that the template treats it as
 * absent.
 */
export function readTypedInput(
  fields: InputField[],
  typed: Record<string, unknown>,
): { values: Record<string, unknown>; problems: InputProblem[] } {
  const values: [string, unknown][] = [];
  const problems: InputProblem[] = [];
  const byName = new Map(fields.map((field) => [field.name, field]));
  for (const [name, value] of Object.entries(typed)) {
    const field = byName.get(name);
    if (value === undefined) continue;
    if (value === '' && (field === undefined || field.type !== 'string' || !field.required)) continue;
    const read = field && typeof value === 'string' ? readText(field, value) : { value };
    if ('problem' in read) problems.push({ path: joinPath('$', name), message: read.problem });
    values.push([name, 'problem' in read ? value : read.value]);
  }
  // Not by assignment: a name such as `__proto__` would not become an own property.
  return { values: Object.fromEntries(values), problems };
}

function readText(field: InputField, text: string): { value: unknown } | { problem: string } {
  switch (field.type) {
    case 'number':
    case 'integer':
      return readNumber(field.type, text);
    case 'boolean':
      if (/^(true|yes|1)$/i.test(text)) return { value: true };
      if (/^(false|no|0)$/i.test(text)) return { value: false };
      return { problem: `“${text}” is not true or false.` };
    case 'json':
      return readJson(text);
    default:
      return { value: isUntyped(field) && /^(?:true|false)$/.test(text) ? text === 'true' : text };
  }
}

/** A value of any type is parsed as a boolean if it is one: as text, a condition would treat `false` as true. */
function isUntyped({ type, schema }: InputField): boolean {
  return type === 'string' && schema.type === undefined && schema.enum === undefined;
}

const INEXACT_FIELD = 'cannot be represented exactly as a number and would be changed: declare the input as a string.';

function readNumber(type: 'number' | 'integer', text: string): { value: number } | { problem: string } {
  const value = Number(text);
  if (text.trim() === '' || Number.isNaN(value)) return { problem: `“${text}” is not a number.` };
  if (isInexact(text.trim())) return { problem: `“${text}” ${INEXACT_FIELD}` };
  if (type === 'integer' && !Number.isInteger(value)) return { problem: `“${text}” is not an integer.` };
  return { value };
}

function readJson(text: string): { value: unknown } | { problem: string } {
  const inexact = findInexactNumber(text);
  if (inexact) return { problem: `contains ${inexact.text}, which ${INEXACT}.` };
  try {
    return { value: parseJson(text) };
  } catch (error) {
    return { problem: `is not JSON: ${(error as Error).message}` };
  }
}
