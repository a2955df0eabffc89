import { isRecord } from '../../shared/is-record.ts';

export type ConfigSchema = Record<string, unknown>;

/** The schema at a pointer such as `#/properties/type/$ref`, following references. */
export function schemaAt(root: ConfigSchema, pointer: string): ConfigSchema | undefined {
  let node: unknown = root;
  for (const step of readPointer(pointer)) {
    if (step === '$ref' && isRecord(node) && typeof node.$ref === 'string') node = schemaAt(root, node.$ref);
    else node = isRecord(node) || Array.isArray(node) ? Reflect.get(node, step) : undefined;
  }
  return isRecord(node) ? node : undefined;
}

/** The steps of a JSON pointer. */
export function readPointer(pointer: string): string[] {
  const steps = pointer.split('/').slice(1);
  return steps.map((step) => decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** A schema merged with its reference; its own description wins. */
export function resolveRef(root: ConfigSchema, schema: ConfigSchema): ConfigSchema {
  if (typeof schema.$ref !== 'string') return schema;
  const { $ref, ...own } = schema;
  const target = schemaAt(root, $ref as string);
  return target ? { ...resolveRef(root, target), ...own } : own;
}

/** The schema at a path of keys, as offered by an editor. */
export function schemaOfPath(root: ConfigSchema, path: readonly string[]): ConfigSchema | undefined {
  let schema: ConfigSchema | undefined = root;
  for (const step of path) schema = schema && childSchema(root, schema, step);
  return schema && branchOf(root, schema);
}

function childSchema(root: ConfigSchema, parent: ConfigSchema, step: string): ConfigSchema | undefined {
  const isItem = /^\d+$/.test(step);
  const { properties, additionalProperties, items } = branchOf(root, parent, isItem);
  const own = isRecord(properties) && Object.hasOwn(properties, step) ? properties[step] : undefined;
  return [own, isItem ? items : undefined, additionalProperties].find(isRecord);
}

/** A map or a list of maps is written `if: { type: array }`, with the list under `then`. */
function branchOf(root: ConfigSchema, schema: ConfigSchema, isList = false): ConfigSchema {
  const resolved = resolveRef(root, schema);
  const branch = isList ? resolved.then : resolved.else;
  const isEither = isRecord(resolved.if) && resolved.if.type === 'array' && isRecord(branch);
  return isEither
    ? { ...resolveRef(root, branch), ...(resolved.description ? { description: resolved.description } : {}) }
    : resolved;
}
