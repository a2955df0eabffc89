import { isRecord } from '../../../shared/is-record.ts';
import type { ChatRequest, JsonSchema } from '../chat-model.ts';
import { listOf, recordOf } from '../transport/plain-json.ts';
import { resolveRef } from '../transport/structured/json-schema.ts';
import { matchPattern } from './demo-pattern.ts';
import type { Random } from './demo-random.ts';
import { findStatements, questionOf, rateStatements, severity } from './demo-statements.ts';
import { advice, type Depth, observation, observationCount, summarize } from './demo-text.ts';

interface Place {
  request: ChatRequest;
  root: JsonSchema;
  random: Random;
  depth: Depth;
  /** The current property, and which item of an array. */
  name: string;
  index: number;
  level: number;
}

/** Deeper than this, recursive schemas are closed as soon as they allow it. */
const DEEPEST = 5;
const ACTIONS = /recommend|action|step|next|advice|measure|suggest/i;

/** A value that is valid for the schema and reads like an answer to the request. */
export function writeJson(
  request: ChatRequest,
  schema: JsonSchema,
  { depth, random }: { depth: Depth; random: Random },
): unknown {
  return fill(schema, { request, root: schema, random, depth, name: '', index: 0, level: 0 });
}

function fill(schema: JsonSchema, place: Place): unknown {
  const resolved = mergeAllOf(resolveRef(schema, place.root), place.root);
  if ('const' in resolved) return resolved.const;
  if (Array.isArray(resolved.enum) && resolved.enum.length > 0) return chooseEnum(resolved.enum, place);
  const options = resolved.anyOf ?? resolved.oneOf;
  if (Array.isArray(options)) {
    const { anyOf: _any, oneOf: _one, ...rest } = resolved;
    return fill({ ...rest, ...chooseOption(options.filter(isRecord), place) }, place);
  }
  switch (typeOf(resolved, place)) {
    case 'object':
      return fillObject(resolved, place);
    case 'array':
      return fillArray(resolved, place);
    case 'integer':
    case 'number':
      return fillNumber(resolved, place);
    case 'boolean':
      return (riskOf(place) ?? place.random.next()) >= 0.5;
    case 'null':
      return null;
    default:
      return fillString(resolved, place);
  }
}

function fillObject(schema: JsonSchema, place: Place): Record<string, unknown> {
  const properties = isRecord(schema.properties) ? schema.properties : {};
  const required = new Set(Array.isArray(schema.required) ? schema.required : []);
  const result: Record<string, unknown> = {};
  for (const [name, property] of Object.entries(properties)) {
    // The terse model omits optional properties; so do all deep inside a recursive schema.
    const skip = !required.has(name) && (place.level >= DEEPEST || (place.depth === 1 && place.random.next() < 0.5));
    if (skip || !isRecord(property)) continue;
    result[name] = fill(property, { ...place, name, level: place.level + 1 });
  }
  for (const name of required) {
    if (typeof name === 'string' && !(name in result)) result[name] = observation(0, place.request);
  }
  const open = schema.additionalProperties;
  if (Object.keys(properties).length === 0 && isRecord(open)) {
    for (const { name } of findStatements(place.request).slice(0, place.depth))
      result[name] = fill(open, { ...place, name, level: place.level + 1 });
  }
  return result;
}

function fillArray(schema: JsonSchema, place: Place): unknown[] {
  const least = numberOr(schema.minItems, 0);
  const most = numberOr(schema.maxItems, Number.POSITIVE_INFINITY);
  if (Array.isArray(schema.prefixItems)) {
    return schema.prefixItems
      .filter(isRecord)
      .map((item, index) => fill(item, { ...place, index, level: place.level + 1 }));
  }
  // Nobody does more than three things, and there are no more findings than the input has.
  const known = ACTIONS.test(place.name) ? 3 : observationCount(place.request) || place.depth + 1;
  const usual = Math.min(known, place.depth + 1);
  const target = place.level >= DEEPEST ? least : usual;
  const count = Math.max(least, Math.min(most, target));
  const items = isRecord(schema.items) ? schema.items : { type: 'string' };
  const values = Array.from({ length: count }, (_, index) => fill(items, { ...place, index, level: place.level + 1 }));
  return schema.uniqueItems === true ? unique(values) : values;
}

function unique(values: unknown[]): unknown[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

/** Ordered scales (low, medium, high) depend on the statements; other choices on the seed. */
function chooseEnum(values: readonly unknown[], place: Place): unknown {
  const usable = values.filter((value) => value !== null);
  if (usable.length === 0) return null;
  const level = riskOf(place);
  const rising =
    usable.findIndex((value) => /high|critical|severe/i.test(String(value))) >
    usable.findIndex((value) => /low|none|minor/i.test(String(value)));
  const isScale = usable.some((value) => /low|medium|high|critical|severe/i.test(String(value)));
  if (isScale && level !== undefined) {
    const shifted = Math.max(0, level - place.index * 0.3);
    const position = Math.min(usable.length - 1, Math.floor(shifted * usable.length));
    return usable[rising ? position : usable.length - 1 - position];
  }
  return usable[(place.random.int(0, usable.length - 1) + place.index) % usable.length];
}

function chooseOption(options: readonly JsonSchema[], place: Place): JsonSchema {
  const real = options.filter((option) => option.type !== 'null');
  const closing = options.find((option) => option.type === 'null');
  if (place.level >= DEEPEST && closing) return closing;
  return real[0] ?? options[0] ?? {};
}

function fillNumber(schema: JsonSchema, place: Place): number {
  const isInteger = schema.type === 'integer' || (Array.isArray(schema.type) && !schema.type.includes('number'));
  const step = numberOr(schema.multipleOf, isInteger ? 1 : 0);
  const margin = step || 0.01;
  const isShare = /confidence|probab|likelihood|ratio|share/i.test(place.name) && !isInteger;
  const low = Math.max(
    numberOr(schema.minimum, Number.NEGATIVE_INFINITY),
    numberOr(schema.exclusiveMinimum, Number.NEGATIVE_INFINITY) + margin,
  );
  const high = Math.min(
    numberOr(schema.maximum, Number.POSITIVE_INFINITY),
    numberOr(schema.exclusiveMaximum, Number.POSITIVE_INFINITY) - margin,
  );
  const from = Number.isFinite(low) ? low : Math.min(isShare ? 0 : 1, high);
  const to = Number.isFinite(high) ? high : Math.max(from, isShare ? 1 : from + 99);
  const share = /score|risk|severity|impact|weight/i.test(place.name)
    ? (riskOf(place) ?? place.random.next())
    : place.random.next();
  const value = from + share * (to - from);
  if (step > 0)
    return clamp(Math.round(value / step) * step, {
      from: Math.ceil(from / step) * step,
      to: Math.floor(to / step) * step,
    });
  return clamp(Math.round(value * 100) / 100, { from, to });
}

function clamp(value: number, { from, to }: { from: number; to: number }): number {
  return Number(Math.max(from, Math.min(to, value)).toFixed(10));
}

const BY_FORMAT: Record<string, string> = {
  date: '2026-11-23',
  'date-time': '2026-11-23T09:00:00Z',
  time: '09:00:00Z',
  duration: 'P7D',
  email: 'someone@example.com',
  uri: 'https://example.com/demo',
  url: 'https://example.com/demo',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uuid: '6f1f9d3e-7c1b-4b5e-9a53-0d9f0c2a1b3c',
};

function fillString(schema: JsonSchema, place: Place): string {
  if (typeof schema.pattern === 'string') return matchPattern(schema.pattern, place.random) ?? phrase(place);
  const format = typeof schema.format === 'string' ? BY_FORMAT[schema.format] : undefined;
  if (format !== undefined) return format;
  const text = phrase(place);
  const most = numberOr(schema.maxLength, Number.POSITIVE_INFINITY);
  const long = text.padEnd(numberOr(schema.minLength, 0), '.');
  return long.length > most ? long.slice(0, most) : long;
}

/** A plausible value for a property of this name. */
function phrase({ name, index, request, random }: Place): string {
  if (ACTIONS.test(name)) return advice(index, request.messages.length);
  if (/summary|explan|rationale|overview|conclusion|answer|assessment/i.test(name)) return `${summarize(request)}.`;
  if (/factor|reason|driver|evidence|signal|finding|observation|detail|descr|cause|why/i.test(name))
    return observation(index, request);
  if (/^(name|title|label|headline|subject|topic)$/i.test(name))
    return findStatements(request)[index]?.name ?? questionOf(request);
  if (/owner|assignee|team/i.test(name)) return random.pick(['Customer success', 'Support', 'Account management']);
  if (/due|deadline|when|timeline|timeframe/i.test(name))
    return random.pick(['This week', 'Within 14 days', 'Before renewal']);
  return observation(index, request);
}

function riskOf({ request }: Place): number | undefined {
  return severity(rateStatements(findStatements(request)));
}

function typeOf(schema: JsonSchema, place: Place): unknown {
  const { type } = schema;
  if (!Array.isArray(type))
    return type ?? (isRecord(schema.properties) ? 'object' : 'items' in schema ? 'array' : 'string');
  if (place.level >= DEEPEST && type.includes('null')) return 'null';
  return type.find((one) => one !== 'null') ?? 'null';
}

function mergeAllOf(schema: JsonSchema, root: JsonSchema): JsonSchema {
  if (!Array.isArray(schema.allOf)) return schema;
  const { allOf, ...rest } = schema;
  const merged: JsonSchema = { ...rest };
  for (const part of allOf.filter(isRecord)) {
    const resolved = mergeAllOf(resolveRef(part, root), root);
    const properties = { ...recordOf(merged.properties), ...recordOf(resolved.properties) };
    const required = [...listOf(merged.required), ...listOf(resolved.required)];
    Object.assign(merged, resolved, { properties, required });
  }
  return merged;
}

function numberOr(value: unknown, fallback: number): number {
  return typeof value === 'number' ? value : fallback;
}
