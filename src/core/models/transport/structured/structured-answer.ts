import { isRecord } from '../../../../shared/is-record.ts';
import { parseJson } from '../../../base/json/json-depth.ts';
import { findInexactNumber, isInexact } from '../../../base/json/json-numbers.ts';
import type { JsonSchema } from '../../chat-model.ts';
import { admitsNull, resolveRef } from './json-schema.ts';

/**
 * Reverts what strict modes force on a model: a null for an optional property becomes a missing property, unless the
 * original schema allows null there. The given value is not changed.
 */
export function restoreNulls(value: unknown, schema: JsonSchema): unknown {
  return restore(value, schema, schema);
}

/**
 * An answer as JSON, with nulls mapped back: the value to validate against the original schema and to show as a tree. A
 * Markdown fence around the whole answer is accepted; undefined if it is not JSON.
 */
export function normalizeStructuredAnswer(
  text: string,
  schema: JsonSchema | undefined,
): { value: unknown; text: string; changed: boolean } | undefined {
  const bare = /^\s*```(?:json)?[^\S\n]*\n([\s\S]*?)\n?```\s*$/i.exec(text)?.[1] ?? text;
  let parsed: unknown;
  try {
    parsed = parseJson(bare);
  } catch {
    return undefined;
  }
  const value = schema === undefined ? parsed : restoreNulls(parsed, schema);
  const changed = JSON.stringify(value) !== JSON.stringify(parsed);
  if (!changed || schema === undefined) return { value, text: bare, changed };
  // The text keeps digits that the value cannot represent.
  const exact = findInexactNumber(bare) ? restoreNulls(parseExact(bare), schema) : value;
  return { value, text: JSON.stringify(exact, null, 2), changed };
}

/** JSON whose numbers are printed as they were written, for which no standard library has types yet. */
function parseExact(text: string): unknown {
  const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };
  const keep = (_key: string, value: unknown, context?: { source?: string }): unknown => {
    const source = typeof value === 'number' ? context?.source : undefined;
    return source !== undefined && isInexact(source) ? rawJSON(source) : value;
  };
  return JSON.parse(text, keep);
}

function restore(value: unknown, schema: JsonSchema, root: JsonSchema): unknown {
  const resolved = resolveRef(schema, root);
  const options = resolved.anyOf ?? resolved.oneOf;
  if (Array.isArray(options)) {
    const branch = options.filter(isRecord).find((option) => fits(value, resolveRef(option, root)));
    return branch ? restore(value, branch, root) : value;
  }
  if (Array.isArray(resolved.allOf)) {
    return resolved.allOf
      .filter(isRecord)
      .reduce((result, part) => restore(result, part, root), restoreHere(value, resolved, root));
  }
  return restoreHere(value, resolved, root);
}

function restoreHere(value: unknown, schema: JsonSchema, root: JsonSchema): unknown {
  const { items, properties } = schema;
  if (Array.isArray(value)) return isRecord(items) ? value.map((item) => restore(item, items, root)) : value;
  if (!isRecord(value) || !isRecord(properties)) return value;
  const required = new Set(Array.isArray(schema.required) ? schema.required : []);
  const kept: [string, unknown][] = [];
  for (const [name, item] of Object.entries(value)) {
    const property = properties[name];
    if (item === null && isRecord(property) && !required.has(name) && !admitsNull(property, root)) continue;
    kept.push([name, isRecord(property) ? restore(item, property, root) : item]);
  }
  return Object.fromEntries(kept);
}

/** Enough to distinguish the branches of a union: the kind of value, its required keys and its constants. */
function fits(value: unknown, schema: JsonSchema): boolean {
  const kind = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
  const types = Array.isArray(schema.type) ? schema.type : schema.type === undefined ? undefined : [schema.type];
  if (types && !types.includes(kind) && !(types.includes('integer') && kind === 'number')) return false;
  if (!isRecord(value)) return true;
  const required = Array.isArray(schema.required) ? schema.required : [];
  if (!required.every((name) => typeof name === 'string' && name in value)) return false;
  const properties = isRecord(schema.properties) ? schema.properties : {};
  if (schema.additionalProperties === false && !Object.keys(value).every((name) => name in properties)) return false;
  return Object.entries(properties).every(([name, property]) => {
    if (!isRecord(property) || !(name in value)) return true;
    if ('const' in property) return property.const === value[name];
    return !Array.isArray(property.enum) || property.enum.includes(value[name]) || value[name] === null;
  });
}
