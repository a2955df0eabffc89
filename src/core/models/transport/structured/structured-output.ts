import { isRecord } from '../../../../shared/is-record.ts';
import type { JsonSchema } from '../../chat-model.ts';
import { admitsNull, resolveRef } from './json-schema.ts';

/** The two dialects that close schemas: OpenAI's strict mode, and Anthropic's output format. */
type StrictDialect = 'openai' | 'anthropic';

/** `problem` describes the part of the schema that the dialect cannot express; then `schema` is the original. */
type StrictSchema = { strict: true; schema: JsonSchema } | { strict: false; schema: JsonSchema; problem: string };

/** Kept unchanged: both dialects enforce these. */
const SHARED = ['title', 'description', '$ref', 'format'];
const OPENAI_ONLY = ['pattern', 'multipleOf', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'];
const OPENAI_ARRAYS = ['minItems', 'maxItems'];
const FORMATS = new Set('date-time time date duration email hostname ipv4 ipv6 uuid'.split(' '));
/** They change which values are valid in ways that neither dialect supports, so the schema is not sent as strict. */
const UNSUPPORTED = 'not if then else patternProperties dependentSchemas dependentRequired prefixItems'.split(' ');
/** Annotations: dropping them does not change which values are valid. */
const ANNOTATIONS = new Set('$schema $id $comment default examples deprecated readOnly writeOnly'.split(' '));
const STRUCTURE = new Set(
  'type properties required additionalProperties items enum const anyOf oneOf allOf $defs definitions'.split(' '),
);

class NotExpressible extends Error {}

/**
 * Rewrites a schema into the subset that a strict mode accepts. OpenAI requires every property, so optional ones also
 * allow null (`restoreNulls` reverts it); value limits that cannot be enforced move into descriptions, and the answer
 * is validated against the original schema in any case.
 */
export function toStrictSchema(schema: JsonSchema, dialect: StrictDialect): StrictSchema {
  try {
    const root = resolveRef(schema, schema);
    if (root.type !== 'object') throw new NotExpressible('its root is not an object');
    if (dialect === 'anthropic' && isRecursive(schema)) throw new NotExpressible('it refers to itself');
    return { strict: true, schema: rewrite(schema, { dialect, root: schema, path: '' }) };
  } catch (error) {
    if (!(error instanceof NotExpressible)) throw error;
    return { strict: false, schema, problem: error.message };
  }
}

interface Place {
  dialect: StrictDialect;
  root: JsonSchema;
  path: string;
}

function rewrite(schema: JsonSchema, place: Place): JsonSchema {
  for (const keyword of UNSUPPORTED) {
    if (keyword in schema) throw new NotExpressible(`it uses '${keyword}'${at(place)}`);
  }
  const merged = inlineSingleAllOf(schema, place);
  const result = copyKeywords(merged, place);
  for (const defs of ['$defs', 'definitions']) {
    const value = merged[defs];
    if (isRecord(value)) result[defs] = mapValues(value, (item, name) => rewrite(item, deeper(place, name)));
  }
  if (typeof merged.$ref === 'string') return result;
  const options = merged.anyOf ?? merged.oneOf;
  if (Array.isArray(options)) {
    result.anyOf = options.map((option, index) => rewrite(asSchema(option, place), deeper(place, String(index))));
    return result;
  }
  if ('const' in merged) result.enum = [merged.const];
  if (Array.isArray(merged.enum)) result.enum = merged.enum;
  if (merged.type !== undefined) result.type = merged.type;
  else if (!('enum' in result)) throw new NotExpressible(`it leaves the type open${at(place)}`);
  if (hasType(merged, 'object')) Object.assign(result, rewriteObject(merged, place));
  if (hasType(merged, 'array')) {
    if (!isRecord(merged.items)) throw new NotExpressible(`it leaves the items of an array open${at(place)}`);
    result.items = rewrite(merged.items, deeper(place, 'items'));
  }
  return result;
}

function rewriteObject(schema: JsonSchema, place: Place): JsonSchema {
  const open = schema.additionalProperties;
  if (open === true || isRecord(open)) throw new NotExpressible(`it allows any property${at(place)}`);
  const properties = isRecord(schema.properties) ? schema.properties : undefined;
  if (!properties) throw new NotExpressible(`it declares no properties${at(place)}`);
  const required = new Set(Array.isArray(schema.required) ? schema.required : []);
  const closed = mapValues(properties, (property, name) => {
    const strict = rewrite(property, deeper(place, name));
    const mustBeNullable = place.dialect === 'openai' && !required.has(name);
    return mustBeNullable && !admitsNull(property, place.root) ? makeNullable(strict) : strict;
  });
  const names = place.dialect === 'openai' ? Object.keys(properties) : [...required];
  return { properties: closed, required: names, additionalProperties: false };
}

/** Copies what the dialect enforces; the rest is added to the description instead. */
function copyKeywords(schema: JsonSchema, { dialect }: Place): JsonSchema {
  const kept = new Set([...SHARED, ...(dialect === 'openai' ? [...OPENAI_ONLY, ...OPENAI_ARRAYS] : [])]);
  const result: JsonSchema = {};
  const notes: string[] = [];
  for (const [keyword, value] of Object.entries(schema)) {
    const enforceable =
      keyword === 'format'
        ? FORMATS.has(String(value)) || (dialect === 'anthropic' && value === 'uri')
        : kept.has(keyword);
    const oneItem = dialect === 'anthropic' && keyword === 'minItems' && (value === 0 || value === 1);
    if (enforceable || oneItem) result[keyword] = value;
    else if (!STRUCTURE.has(keyword) && !ANNOTATIONS.has(keyword)) notes.push(`${keyword}: ${JSON.stringify(value)}`);
  }
  if (notes.length > 0) {
    const note = `(${notes.join(', ')})`;
    result.description = typeof schema.description === 'string' ? `${schema.description} ${note}` : note;
  }
  return result;
}

function makeNullable(schema: JsonSchema): JsonSchema {
  if ('$ref' in schema) return { anyOf: [schema, { type: 'null' }] };
  if (Array.isArray(schema.anyOf)) return { ...schema, anyOf: [...schema.anyOf, { type: 'null' }] };
  const result = { ...schema };
  if (Array.isArray(schema.enum)) result.enum = [...schema.enum, null];
  if (schema.type !== undefined) result.type = [...(Array.isArray(schema.type) ? schema.type : [schema.type]), 'null'];
  return result;
}

/** Generators wrap a reference in a one-element allOf to give it a description. */
function inlineSingleAllOf(schema: JsonSchema, place: Place): JsonSchema {
  if (!Array.isArray(schema.allOf)) return schema;
  const { allOf, ...rest } = schema;
  const only: unknown = allOf[0];
  if (allOf.length !== 1 || !isRecord(only)) throw new NotExpressible(`it uses 'allOf'${at(place)}`);
  return { ...only, ...rest };
}

function isRecursive(root: JsonSchema): boolean {
  const visit = (schema: unknown, trail: readonly string[]): boolean => {
    if (Array.isArray(schema)) return schema.some((item) => visit(item, trail));
    if (!isRecord(schema)) return false;
    if (typeof schema.$ref === 'string') {
      if (trail.includes(schema.$ref)) return true;
      return visit(resolveRef(schema, root), [...trail, schema.$ref]);
    }
    return Object.entries(schema).some(([key, value]) => !/^(\$defs|definitions)$/.test(key) && visit(value, trail));
  };
  return visit(root, ['#']);
}

function hasType(schema: JsonSchema, type: string): boolean {
  return schema.type === type || (Array.isArray(schema.type) && schema.type.includes(type));
}

function asSchema(value: unknown, place: Place): JsonSchema {
  if (!isRecord(value)) throw new NotExpressible(`it contains something that is not a schema${at(place)}`);
  return value;
}

function mapValues(record: JsonSchema, change: (schema: JsonSchema, name: string) => JsonSchema): JsonSchema {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => {
      if (!isRecord(value)) throw new NotExpressible(`'${name}' is not a schema`);
      return [name, change(value, name)];
    }),
  );
}

function deeper(place: Place, step: string): Place {
  return { ...place, path: place.path === '' ? step : `${place.path}.${step}` };
}

function at({ path }: Place): string {
  return path === '' ? '' : ` at '${path}'`;
}
