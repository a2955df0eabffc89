import { isRecord } from '../../../shared/is-record.ts';
import type { JsonSchema } from '../chat-model.ts';
import { listOf, recordOf } from '../transport/plain-json.ts';
import { resolveRef } from '../transport/structured/json-schema.ts';

/** Vertex AI's Schema message in REST form (an OpenAPI 3.0 subset), and the parts of the original it cannot express. */
interface VertexSchema {
  schema: Record<string, unknown>;
  /** If undefined, the schema is equivalent to the original. */
  problem: string | undefined;
}

const TYPES: Record<string, string> = {
  string: 'STRING',
  number: 'NUMBER',
  integer: 'INTEGER',
  boolean: 'BOOLEAN',
  array: 'ARRAY',
  object: 'OBJECT',
};
const COPIED =
  'title description format minItems maxItems minProperties maxProperties minLength maxLength pattern minimum maximum default'.split(
    ' ',
  );
const LOST =
  'not if then else patternProperties dependentSchemas dependentRequired prefixItems contains propertyNames uniqueItems multipleOf exclusiveMinimum exclusiveMaximum'.split(
    ' ',
  );

interface Walk {
  root: JsonSchema;
  /** References being resolved, to stop at a recursive schema. */
  trail: readonly string[];
  problems: Set<string>;
}

/** Rewrites JSON Schema to the subset that Gemini supports: references inlined, null as `nullable`, order kept. */
export function toVertexSchema(schema: JsonSchema): VertexSchema {
  const problems = new Set<string>();
  const result = rewrite(schema, { root: schema, trail: [], problems });
  return { schema: result, problem: problems.size > 0 ? [...problems].join(', ') : undefined };
}

function rewrite(original: JsonSchema, walk: Walk): Record<string, unknown> {
  const ref = typeof original.$ref === 'string' ? original.$ref : undefined;
  if (ref !== undefined && walk.trail.includes(ref)) {
    walk.problems.add('it refers to itself');
    return { type: 'OBJECT' };
  }
  const inner: Walk = ref === undefined ? walk : { ...walk, trail: [...walk.trail, ref] };
  const { $ref: _, ...beside } = original;
  const schema = mergeAllOf(ref === undefined ? original : { ...resolveRef(original, walk.root), ...beside }, inner);
  for (const keyword of LOST) if (keyword in schema) walk.problems.add(`it uses '${keyword}'`);

  const result: Record<string, unknown> = {};
  for (const keyword of COPIED) if (schema[keyword] !== undefined) result[keyword] = schema[keyword];
  const options = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(options)) return { ...result, ...rewriteOptions(options, inner) };
  Object.assign(result, rewriteType(schema, inner), rewriteEnum(schema, inner));
  if (result.type === 'OBJECT') Object.assign(result, rewriteObject(schema, inner));
  if (result.type === 'ARRAY') {
    result.items = isRecord(schema.items) ? rewrite(schema.items, inner) : { type: 'STRING' };
    if (!isRecord(schema.items)) walk.problems.add('it leaves the items of an array open');
  }
  return result;
}

function rewriteOptions(options: unknown[], walk: Walk): Record<string, unknown> {
  const schemas = options.filter(isRecord);
  const kept = schemas.filter((option) => option.type !== 'null');
  const nullable = kept.length < schemas.length ? { nullable: true } : {};
  const [only] = kept;
  if (kept.length === 1 && only) return { ...rewrite(only, walk), ...nullable };
  return { anyOf: kept.map((option) => rewrite(option, walk)), ...nullable };
}

function rewriteType(schema: JsonSchema, walk: Walk): Record<string, unknown> {
  const named = Array.isArray(schema.type) ? schema.type : schema.type === undefined ? [] : [schema.type];
  const types = named.filter((type) => type !== 'null').map((type) => TYPES[String(type)] ?? 'STRING');
  const nullable = types.length < named.length ? { nullable: true } : {};
  if (types.length > 1)
    return { anyOf: types.map((type) => rewrite({ ...schema, type: type.toLowerCase() }, walk)), ...nullable };
  const [type] = types;
  if (type) return { type, ...nullable };
  if (isRecord(schema.properties)) return { type: 'OBJECT' };
  if (isRecord(schema.items)) return { type: 'ARRAY' };
  return nullable;
}

/** Enumerations are strings on the wire; the type gives their meaning. */
function rewriteEnum(schema: JsonSchema, { problems }: Walk): Record<string, unknown> {
  const values = 'const' in schema ? [schema.const] : schema.enum;
  if (!Array.isArray(values)) return {};
  const present = values.filter((value) => value !== null);
  const nullable = present.length < values.length ? { nullable: true } : {};
  const type = TYPES[schema.type === 'integer' ? 'integer' : typeof present[0]] ?? 'STRING';
  if (type === 'BOOLEAN' || type === 'OBJECT') {
    if (type === 'OBJECT' || present.length === 1) problems.add('it fixes a value that is neither text nor a number');
    return { type, ...nullable };
  }
  return { type, format: 'enum', enum: present.map(String), ...nullable };
}

function rewriteObject(schema: JsonSchema, walk: Walk): Record<string, unknown> {
  const properties = isRecord(schema.properties) ? schema.properties : {};
  const names = Object.keys(properties);
  const open = schema.additionalProperties;
  if (open === true || isRecord(open)) walk.problems.add('it allows properties that it does not declare');
  if (names.length === 0) return {};
  const result: Record<string, unknown> = {
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, value]) => [name, isRecord(value) ? rewrite(value, walk) : {}]),
    ),
    // A protobuf map has no order, and a model that reasons before it concludes needs its fields in order.
    propertyOrdering: names,
  };
  const required = Array.isArray(schema.required) ? schema.required.filter((name) => names.includes(String(name))) : [];
  if (required.length > 0) result.required = required;
  return result;
}

/** Parts of an allOf are merged, which is what generators mean by it. */
function mergeAllOf(schema: JsonSchema, walk: Walk): JsonSchema {
  if (!Array.isArray(schema.allOf)) return schema;
  const { allOf, ...rest } = schema;
  const merged: JsonSchema = {};
  for (const part of [...allOf.filter(isRecord).map((item) => resolveRef(item, walk.root)), rest]) {
    const properties = { ...recordOf(merged.properties), ...recordOf(part.properties) };
    const required = [...listOf(merged.required), ...listOf(part.required)];
    Object.assign(merged, part);
    if (Object.keys(properties).length > 0) merged.properties = properties;
    if (required.length > 0) merged.required = [...new Set(required)];
  }
  return merged;
}
