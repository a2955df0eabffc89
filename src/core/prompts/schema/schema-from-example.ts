import { isRecord } from '../../../shared/is-record.ts';

/** Deeper examples are data rather than a structure. */
const DEEPEST = 12;
/** Characters with a meaning in Picoschema: parentheses, commas and a question mark at the end. */
const PLAIN_NAME = /^[A-Za-z_][\w-]*$/;

type JsonObject = Record<string, unknown>;

/**
 * The lines of a Picoschema that a JSON example matches, without indentation. A list of objects describes them all:
 * properties that some lack are optional. Undefined if the example is neither an object nor a list.
 */
export function picoschemaFromExample(example: unknown): string[] | undefined {
  if (Array.isArray(example)) return arrayLines('items', example, 0);
  return isRecord(example) ? objectLines([example], 0) : undefined;
}

function objectLines(examples: JsonObject[], depth: number): string[] {
  const names = new Set(examples.flatMap((example) => Object.keys(example)));
  const lines = [...names]
    .filter((name) => PLAIN_NAME.test(name))
    .flatMap((name) => {
      const having = examples.filter((example) => Object.hasOwn(example, name));
      const values = having.map((example) => example[name]);
      const optional = having.length < examples.length || values.includes(null);
      return fieldLines(
        `${name}${optional ? '?' : ''}`,
        values.filter((value) => value !== null),
        depth,
      );
    });
  // Names that cannot be written are allowed by a wildcard, so that the example still matches.
  const plain = lines.length > 0 && [...names].every((name) => PLAIN_NAME.test(name));
  return plain ? lines : [...lines, '(*): any'];
}

function fieldLines(name: string, values: unknown[], depth: number): string[] {
  const objects = values.filter(isRecord);
  if (values.length > 0 && objects.length === values.length) {
    if (depth >= DEEPEST || objects.every((value) => Object.keys(value).length === 0)) return [`${name}: any`];
    return [`${name}(object):`, ...indent(objectLines(objects, depth + 1))];
  }
  if (values.length > 0 && values.every(Array.isArray)) return arrayLines(name, values.flat(), depth);
  return [`${name}: ${scalarType(values)}`];
}

function arrayLines(name: string, items: unknown[], depth: number): string[] {
  const objects = items.filter(isRecord);
  const describable = objects.length > 0 && objects.length === items.length && depth < DEEPEST;
  if (!describable) return [`${name}(array): ${scalarType(items)}`];
  return [`${name}(array):`, ...indent(objectLines(objects, depth + 1))];
}

function scalarType(values: unknown[]): string {
  if (values.length === 0) return 'any';
  if (values.every((value) => typeof value === 'string')) return 'string';
  if (values.every((value) => typeof value === 'boolean')) return 'boolean';
  if (values.every((value) => Number.isInteger(value))) return 'integer';
  return values.every((value) => typeof value === 'number') ? 'number' : 'any';
}

function indent(lines: string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
