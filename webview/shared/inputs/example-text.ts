import { isRecord } from '../../../src/shared/is-record.ts';

type Schema = Record<string, unknown>;

const MAX_DEPTH = 6;
/** A hint must be short: if it is longer than this, optional parts are left out. */
const MAX_LENGTH = 200;

/** JSON that matches the schema, on one line: `[{"role": "user", "text": "…"}]`; undefined if none can be generated. */
export function exampleText(schema: unknown): string | undefined {
  const [whole, needed] = [true, false].map((withOptional) => written(example(schema, { withOptional, depth: 0 })));
  return whole !== undefined && whole.length <= MAX_LENGTH ? whole : (needed ?? whole);
}

function written(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (Array.isArray(value)) return `[${value.map(written).join(', ')}]`;
  if (!isRecord(value)) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([name, inner]) => `${JSON.stringify(name)}: ${written(inner)}`)
    .join(', ')}}`;
}

interface Options {
  withOptional: boolean;
  depth: number;
}

/** Undefined if no example can be generated: for a reference, a pattern, or unlimited nesting. */
function example(schema: unknown, options: Options): unknown {
  if (schema === true) return '…';
  if (!isRecord(schema) || options.depth > MAX_DEPTH || '$ref' in schema) return undefined;
  if ('const' in schema) return schema.const;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  if (Array.isArray(schema.examples) && schema.examples.length > 0) return schema.examples[0];
  if (schema.default !== undefined) return schema.default;
  if (Array.isArray(schema.allOf)) return example(merged(schema, schema.allOf), options);
  for (const choice of [schema.anyOf, schema.oneOf]) {
    if (Array.isArray(choice)) return firstOf(choice, (one) => example(merged(schema, [one]), options));
  }
  return ofType(schema, options);
}

/** Merges several schemas that all apply. */
function merged({ allOf: _all, anyOf: _any, oneOf: _one, ...schema }: Schema, parts: unknown[]): Schema {
  const all = [schema, ...parts.filter(isRecord)];
  const properties = Object.assign({}, ...all.map((part) => asSchema(part.properties)));
  const required = all.flatMap((part) => asList(part.required));
  return {
    ...Object.assign({}, ...all),
    ...(Object.keys(properties).length > 0 && { properties }),
    ...(required.length > 0 && { required }),
  };
}

function ofType(schema: Schema, options: Options): unknown {
  const type = [schema.type].flat().find((one) => one !== 'null') ?? impliedType(schema);
  switch (type) {
    case 'object':
      return ofObject(schema, options);
    case 'array':
      return ofArray(schema, options);
    case 'string':
      return ofString(schema);
    case 'number':
    case 'integer':
      return ofNumber(schema, type === 'integer');
    case 'boolean':
      return true;
    case undefined:
      return [schema.type].flat().includes('null') ? null : '…';
    default:
      return undefined;
  }
}

function impliedType(schema: Schema): string | undefined {
  if ('properties' in schema || 'required' in schema) return 'object';
  return 'items' in schema ? 'array' : undefined;
}

function ofObject(schema: Schema, options: Options): Schema | undefined {
  const inner = { ...options, depth: options.depth + 1 };
  const properties = new Map(Object.entries(asSchema(schema.properties)));
  const required = asList(schema.required).map(String);
  const names = options.withOptional ? [...new Set([...properties.keys(), ...required])] : required;
  const entries = names.map((name) => [name, example(properties.get(name) ?? true, inner)] as const);
  if (entries.some(([name, value]) => value === undefined && required.includes(name))) return undefined;
  const known = entries.filter(([, value]) => value !== undefined);
  if (known.length > 0 || properties.size > 0 || schema.additionalProperties === false)
    return Object.fromEntries(known);
  const other = example(schema.additionalProperties ?? true, inner);
  return other === undefined ? {} : { name: other };
}

function ofArray(schema: Schema, options: Options): unknown[] | undefined {
  const least = asNumber(schema.minItems) ?? 0;
  if (schema.maxItems === 0) return [];
  const inner = { ...options, depth: options.depth + 1 };
  const tuple = [schema.prefixItems, schema.items].find(Array.isArray);
  const items = tuple
    ? tuple.map((item) => example(item, inner))
    : Array.from({ length: Math.max(1, least) }, () => example(schema.items ?? true, inner));
  if (!items.includes(undefined) && items.length >= least) return items;
  return least === 0 ? [] : undefined;
}

const FORMATS: Record<string, string> = {
  date: '2026-01-31',
  time: '09:30:00Z',
  'date-time': '2026-01-31T09:30:00Z',
  email: 'ada@example.org',
  uri: 'https://example.org',
};

function ofString(schema: Schema): string | undefined {
  if (schema.pattern !== undefined) return undefined;
  const [least, most] = [asNumber(schema.minLength) ?? 0, asNumber(schema.maxLength) ?? Number.POSITIVE_INFINITY];
  const text = FORMATS[String(schema.format)] ?? '…'.repeat(Math.min(Math.max(1, least), MAX_LENGTH));
  return text.length >= least && text.length <= most ? text : most === 0 ? '' : undefined;
}

function ofNumber(schema: Schema, isWhole: boolean): number | undefined {
  const step = asNumber(schema.multipleOf) ?? (isWhole ? 1 : undefined);
  const above = asNumber(schema.exclusiveMinimum);
  const below = asNumber(schema.exclusiveMaximum);
  const fits = (value: number) =>
    value >= (asNumber(schema.minimum) ?? value) &&
    value <= (asNumber(schema.maximum) ?? value) &&
    value > (above ?? value - 1) &&
    value < (below ?? value + 1) &&
    (step === undefined || Number.isInteger(value / step));
  const [low, high] = [asNumber(schema.minimum) ?? above, asNumber(schema.maximum) ?? below];
  const middle = low !== undefined && high !== undefined ? (low + high) / 2 : undefined;
  const near = [low, high, middle].filter((value) => value !== undefined);
  const stepped =
    step === undefined ? [] : near.flatMap((value) => [0, 1, -1].map((by) => (Math.round(value / step) + by) * step));
  return [1, 0, ...near, ...near.flatMap((value) => [value + 1, value - 1]), ...(step ? [step] : []), ...stepped].find(
    fits,
  );
}

function firstOf<T>(list: unknown[], make: (one: unknown) => T | undefined): T | undefined {
  for (const one of list) {
    const made = make(one);
    if (made !== undefined) return made;
  }
  return undefined;
}

const asSchema = (value: unknown): Schema => (isRecord(value) ? value : {});
const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const asNumber = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
