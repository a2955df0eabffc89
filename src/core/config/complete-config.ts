import { isRecord } from '../../shared/is-record.ts';
import { placeInConfig } from './config-place.ts';
import { type ConfigSchema, resolveRef, schemaOfPath } from './schema-nodes.ts';

interface ConfigCompletion {
  label: string;
  kind: 'key' | 'value';
  insert: string;
  description: string | undefined;
}

interface Offered {
  start: number;
  end: number;
  items: ConfigCompletion[];
}

/** The keys and enumerated values that the schema allows at a place. */
export function completeConfig(schema: ConfigSchema, text: string, offset: number): Offered | undefined {
  const place = placeInConfig(text, offset);
  // what is inserted has no quotes
  if (!place || place.isQuoted) return undefined;
  const { path, key, start, end } = place;
  const siblings = place.siblings.map(({ name }) => name);
  const holder = schemaOfPath(schema, key === undefined ? path : [...path, key]);
  if (!holder) return undefined;
  // an item of a list may be a map or a value
  const isItem = path.at(-1) === '0' && siblings.length === 0 && !place.isInMap;
  if (key === undefined) {
    return { start, end, items: [...(isItem ? valuesOf(holder) : []), ...keysOf(schema, holder, siblings)] };
  }
  const gap = text[start - 1] === ':' ? ' ' : '';
  return { start, end, items: valuesOf(holder).map((item) => ({ ...item, insert: gap + item.insert })) };
}

/** The schema's description of the key or the value at an offset. */
export function describeConfig(schema: ConfigSchema, text: string, offset: number) {
  const place = placeInConfig(text, offset);
  if (!place || place.word === '' || offset < place.start) return undefined;
  const { path, key, word, start, end } = place;
  const name = key ?? word.replace(/^(["'])(.*)\1$/, '$2');
  const holder = schemaOfPath(schema, [...path, name]);
  const isItem = key === undefined && path.at(-1) === '0' && holder === undefined;
  const values = key === undefined && !isItem ? [] : valuesOf((isItem ? schemaOfPath(schema, path) : holder) ?? {});
  // options may follow a value after a colon
  const chosen = [word, word.split(':')[0]].flatMap((text) => values.find(({ label }) => label === text) ?? [])[0];
  const description = chosen?.description ?? textOf(holder?.description);
  return description === undefined ? undefined : { start, end, description };
}

function keysOf(root: ConfigSchema, { properties }: ConfigSchema, taken: readonly string[]): ConfigCompletion[] {
  const known = Object.entries(isRecord(properties) ? properties : {});
  return known
    .filter(([name]) => !taken.includes(name))
    .map(([name, schema]): ConfigCompletion => {
      const resolved = isRecord(schema) ? resolveRef(root, schema) : {};
      const isInLine = resolved.type !== 'object' && resolved.type !== 'array';
      return {
        label: name,
        kind: 'key',
        insert: isInLine ? `${name}: ` : `${name}:`,
        description: textOf(resolved.description),
      };
    });
}

function valuesOf(schema: ConfigSchema): ConfigCompletion[] {
  const { enum: values, enumDescriptions, type } = schema;
  const names = Array.isArray(values) ? values.map(String) : type === 'boolean' ? ['true', 'false'] : [];
  const descriptions: unknown[] = Array.isArray(enumDescriptions) ? enumDescriptions : [];
  return names.map((label, index) => ({
    label,
    kind: 'value',
    insert: label,
    description: textOf(descriptions[index]),
  }));
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
