import { isRecord } from '../../../../shared/is-record.ts';
import type { JsonSchema } from '../../chat-model.ts';

/** Follows local references (`#/$defs/x`) to the schema itself; an unknown or endless one gives an open schema. */
export function resolveRef(schema: JsonSchema, root: JsonSchema): JsonSchema {
  let current = schema;
  for (let depth = 0; typeof current.$ref === 'string' && depth < 32; depth += 1) {
    let target: unknown = root;
    for (const step of current.$ref.replace(/^#\/?/, '').split('/').filter(Boolean)) {
      const key = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
      target = isRecord(target) ? target[key] : undefined;
    }
    if (!isRecord(target)) return {};
    current = target;
  }
  return typeof current.$ref === 'string' ? {} : current;
}

/** True if null is a valid value of the schema. */
export function admitsNull(schema: JsonSchema, root: JsonSchema): boolean {
  const resolved = resolveRef(schema, root);
  const { type } = resolved;
  if (Array.isArray(resolved.enum)) return resolved.enum.includes(null);
  if ('const' in resolved) return resolved.const === null;
  const options = resolved.anyOf ?? resolved.oneOf;
  if (Array.isArray(options)) return options.some((option) => isRecord(option) && admitsNull(option, root));
  if (type === undefined) return !('properties' in resolved) && !('items' in resolved) && !('allOf' in resolved);
  return type === 'null' || (Array.isArray(type) && type.includes('null'));
}
