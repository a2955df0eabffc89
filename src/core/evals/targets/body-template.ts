import { isRecord } from '../../../shared/is-record.ts';
import { valueAtPath } from '../metrics/structure/value-at-path.ts';

const REFERENCE = /\{\{\s*([^{}]+?)\s*\}\}/g;
const WHOLE = /^\{\{\s*([^{}]+?)\s*\}\}$/;

/** The inputs that the texts of a body name, each once. */
export function namesInBody(body: unknown): string[] {
  const names = new Set<string>();
  mapTexts(body, (text) => {
    for (const [, name = ''] of text.matchAll(REFERENCE)) names.add(name);
    return text;
  });
  return [...names];
}

/**
 * A body with the inputs in place of `{{name}}`. A text that is nothing else becomes the input with its type; in a longer
 * text, inputs that are not text are written as JSON. What an input contains is never read as a template.
 */
export function fillBody(body: unknown, inputs: Readonly<Record<string, unknown>>): unknown {
  const inputAt = (name: string) => (Object.hasOwn(inputs, name) ? inputs[name] : valueAtPath(inputs, name));
  return mapTexts(body, (text) => {
    const whole = WHOLE.exec(text)?.[1];
    if (whole !== undefined) return inputAt(whole);
    return text.replace(REFERENCE, (_, name: string) => {
      const value = inputAt(name);
      return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
    });
  });
}

/** Of the names in a body, those that inputs lack. */
export function missingNames(names: readonly string[], inputs: Readonly<Record<string, unknown>>): string[] {
  return names.filter((name) => !Object.hasOwn(inputs, name) && valueAtPath(inputs, name) === undefined);
}

function mapTexts(value: unknown, change: (text: string) => unknown): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, change)]));
}
