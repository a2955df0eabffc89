import { isRecord } from '../../../shared/is-record.ts';
import type { JsonSchema } from '../../models/chat-model.ts';

/** Whether a value matches; says nothing about why it does not. */
type Check = (value: unknown) => boolean;

/** What a plain schema may contain; keywords that check nothing are only looked at for their form. */
const NOTES = ['description', 'title', '$comment'];
const KEYWORDS = new Set([
  ...NOTES,
  'type',
  'properties',
  'required',
  'additionalProperties',
  'items',
  'enum',
  'default',
]);

const TYPES: Record<string, Check> = {
  string: (value) => typeof value === 'string',
  number: (value) => Number.isFinite(value),
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
  array: Array.isArray,
  object: isRecord,
};

const checks = new WeakMap<JsonSchema, { check: Check | undefined }>();

/**
 * A check for a schema of the most usual keywords, in a form that is certainly valid; undefined for any other schema.
 * Loading and preparing a complete validator takes longer than everything else that is done with a prompt, and only
 * values with a fault need its explanations.
 */
export function plainCheck(schema: JsonSchema): Check | undefined {
  const known = checks.get(schema);
  if (known) return known.check;
  // drafts do not differ in these keywords
  const { $schema: _draft, $id: _id, ...plain } = schema;
  const check = createCheck(plain);
  checks.set(schema, { check });
  return check;
}

function createCheck(schema: unknown): Check | undefined {
  if (!isRecord(schema) || !Object.keys(schema).every((key) => KEYWORDS.has(key))) return undefined;
  if (NOTES.some((note) => schema[note] !== undefined && typeof schema[note] !== 'string')) return undefined;
  const parts = [typeCheck(schema.type), enumCheck(schema.enum), objectCheck(schema), itemsCheck(schema.items)];
  const found = parts.filter((check) => check !== undefined);
  return found.length === parts.length ? (value) => found.every((check) => check(value)) : undefined;
}

const passes: Check = () => true;

function typeCheck(type: unknown): Check | undefined {
  if (type === undefined) return passes;
  const names: unknown[] = Array.isArray(type) ? type : [type];
  const allowed = names.flatMap((name) => (typeof name === 'string' && Object.hasOwn(TYPES, name) ? TYPES[name]! : []));
  if (allowed.length !== names.length || names.length === 0 || new Set(names).size !== names.length) return undefined;
  return (value) => allowed.some((check) => check(value));
}

function enumCheck(values: unknown): Check | undefined {
  if (values === undefined) return passes;
  if (!Array.isArray(values) || values.length === 0 || !values.every(isScalar)) return undefined;
  if (new Set(values).size !== values.length) return undefined;
  return (value) => values.includes(value);
}

function isScalar(value: unknown): boolean {
  return value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
}

function itemsCheck(items: unknown): Check | undefined {
  if (items === undefined) return passes;
  const check = createCheck(items);
  return check && ((value) => !Array.isArray(value) || value.every(check));
}

/** As JSON Schema has it, these do not restrict values of other types. */
function objectCheck({ properties = {}, required = [], additionalProperties: others = true }: JsonSchema) {
  if (!isRecord(properties) || Object.hasOwn(properties, '__proto__')) return undefined;
  if (!Array.isArray(required) || !required.every((name) => typeof name === 'string')) return undefined;
  if (new Set(required).size !== required.length || typeof others !== 'boolean') return undefined;
  const own: [string, Check][] = [];
  for (const [name, schema] of Object.entries(properties)) {
    const check = createCheck(schema);
    if (!check) return undefined;
    own.push([name, check]);
  }
  const known = new Set(own.map(([name]) => name));
  return (value: unknown) => {
    if (!isRecord(value)) return true;
    if (required.some((name) => value[name] === undefined)) return false;
    if (!others && Object.keys(value).some((name) => !known.has(name))) return false;
    return own.every(([name, check]) => value[name] === undefined || check(value[name]));
  };
}
