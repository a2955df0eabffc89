import { isRecord } from '../../../shared/is-record.ts';
import type { Prompt } from '../../prompts/prompt.ts';
import { quoted, shortList, shortValue } from './format-change.ts';

type JsonSchema = NonNullable<Prompt['input']['schema']>;

interface Field {
  type: string;
  values: unknown[] | undefined;
  required: boolean;
  description: string | undefined;
}

/** Deeper than anybody reads; also a limit for recursive schemas. */
const DEEPEST = 8;

/** Describes the changes between two schemas, field by field; `noun` is `input` or `output field`. */
export function describeSchemas(before: JsonSchema | undefined, after: JsonSchema | undefined, noun: string): string[] {
  const [old, now] = [fieldsOf(before), fieldsOf(after)];
  if (old.size === 0 && now.size === 0) return describeWhole(before, after, noun);
  const removed = outermost([...old.keys()].filter((path) => !now.has(path)));
  const added = outermost([...now.keys()].filter((path) => !old.has(path)));
  const [gone] = removed;
  const [come] = added;
  const isRename =
    gone !== undefined &&
    come !== undefined &&
    removed.length + added.length === 2 &&
    JSON.stringify(old.get(gone)) === JSON.stringify(now.get(come));
  if (isRename) return [`renames ${noun} ${quoted(gone)} to ${quoted(come)}`, ...describeKept({ old, now, noun })];
  return [
    ...(added.length > 0 ? [`adds ${counted(noun, added)}`] : []),
    ...(removed.length > 0 ? [`removes ${counted(noun, removed)}`] : []),
    ...describeKept({ old, now, noun }),
  ];
}

function describeKept({
  old,
  now,
  noun,
}: {
  old: Map<string, Field>;
  now: Map<string, Field>;
  noun: string;
}): string[] {
  const lines = [...now].flatMap(([path, field]) => {
    const previous = old.get(path);
    return previous ? describeField(`${noun} ${quoted(path)}`, previous, field) : [];
  });
  const reordered = [...old.keys()].filter((path) => now.has(path)).join('\n');
  const order = [...now.keys()].filter((path) => old.has(path)).join('\n');
  return reordered === order ? lines : [...lines, `${plural(noun)} in another order`];
}

/** Schemas that are not a map of fields: `string → number`, or a named one. */
function describeWhole(before: JsonSchema | undefined, after: JsonSchema | undefined, noun: string): string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const what = `${noun.split(' ')[0]} schema`;
  if (!before || !after) return [`${after ? 'adds' : 'removes'} the ${what}`];
  const [from, to] = [typeOf(before), typeOf(after)];
  return [from === to ? `${what} changed` : `${what} ${from} → ${to}`];
}

function describeField(what: string, before: Field, after: Field): string[] {
  const lines: string[] = [];
  if (before.type !== after.type) lines.push(`${what}: ${before.type} → ${after.type}`);
  else if (before.values && after.values) lines.push(...describeValues(what, before.values, after.values));
  if (before.required !== after.required) lines.push(`${what} is now ${after.required ? 'required' : 'optional'}`);
  if (before.description !== after.description) lines.push(`description of ${what} changed`);
  return lines;
}

function describeValues(what: string, before: unknown[], after: unknown[]): string[] {
  const added = after.filter((value) => !before.includes(value)).map(shortValue);
  const removed = before.filter((value) => !after.includes(value)).map(shortValue);
  if (added.length > 0 && removed.length > 0) return [`${what}: ${shortList(removed)} → ${shortList(added)}`];
  if (added.length > 0) return [`${what} also allows ${shortList(added)}`];
  if (removed.length > 0) return [`${what} no longer allows ${shortList(removed)}`];
  return before.join('\n') === after.join('\n') ? [] : [`values of ${what} in another order`];
}

/** Every field by its path: `customer.age`, `items[].price`. */
function fieldsOf(schema: unknown, path = '', depth = 0, found = new Map<string, Field>()): Map<string, Field> {
  if (depth > DEEPEST || !isRecord(schema)) return found;
  if (isRecord(schema.items)) return fieldsOf(schema.items, `${path}[]`, depth + 1, found);
  if (!isRecord(schema.properties)) return found;
  const required: unknown[] = Array.isArray(schema.required) ? schema.required : [];
  for (const [name, value] of Object.entries(schema.properties)) {
    if (!isRecord(value)) continue;
    const own = path === '' ? name : `${path}.${name}`;
    found.set(own, {
      type: typeOf(value),
      values: Array.isArray(value.enum) ? value.enum.filter((item) => item !== null) : undefined,
      required: required.includes(name),
      description: typeof value.description === 'string' ? value.description : undefined,
    });
    fieldsOf(value, own, depth + 1, found);
  }
  return found;
}

function typeOf(schema: JsonSchema): string {
  if (Array.isArray(schema.enum)) return 'enum';
  const types = [schema.type].flat().filter((type) => typeof type === 'string' && type !== 'null');
  if (types.includes('array')) return isRecord(schema.items) ? `list of ${typeOf(schema.items)}` : 'list';
  return types.length > 0 ? shortValue(types.join(' or ')) : 'any';
}

/** A field without the fields inside it. */
function outermost(paths: readonly string[]): string[] {
  return paths.filter((path) => !paths.some((other) => path.startsWith(`${other}.`) || path.startsWith(`${other}[]`)));
}

function counted(noun: string, names: readonly string[]): string {
  return `${names.length === 1 ? noun : plural(noun)} ${shortList(names.map(quoted))}`;
}

function plural(noun: string): string {
  return `${noun}s`;
}
