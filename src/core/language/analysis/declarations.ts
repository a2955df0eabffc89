import type { Range } from '../../prompts/prompt.ts';
import type { SyntaxTree, YamlEntry, YamlMap, YamlValue } from '../syntax/tree.ts';

/** An input declared in the front matter. */
export interface Declaration {
  name: string;
  /** The name alone, without `?`, type or quotes: in the schema if it is there, otherwise in the default values. */
  range: Range;
  schema: YamlEntry | undefined;
  default: YamlEntry | undefined;
}

/** The entry at a path of keys, `['input', 'schema']`. */
export function findEntry(map: YamlMap | undefined, path: readonly string[]): YamlEntry | undefined {
  let entry: YamlEntry | undefined;
  let at = map;
  for (const key of path) {
    entry = at?.entries.find((candidate) => candidate.key === key);
    at = entry?.value?.kind === 'map' ? entry.value : undefined;
  }
  return entry;
}

/** The inputs in the schema and the default values, in the order of the file. */
export function inputDeclarations(tree: SyntaxTree): Map<string, Declaration> {
  const declarations = new Map<string, Declaration>();
  const root = tree.frontMatter?.root;
  for (const schema of schemaFields(findEntry(root, ['input', 'schema'])?.value)) {
    const name = fieldName(schema.key);
    if (name === '(*)' || declarations.has(name)) continue;
    declarations.set(name, { name, range: nameRange(tree.source, schema), schema, default: undefined });
  }
  const defaults = findEntry(root, ['input', 'default'])?.value;
  for (const entry of defaults?.kind === 'map' ? defaults.entries : []) {
    const declared = declarations.get(entry.key);
    if (declared) declared.default = entry;
    else {
      const range = nameRange(tree.source, entry);
      declarations.set(entry.key, { name: entry.key, range, schema: undefined, default: entry });
    }
  }
  return declarations;
}

/** `tags?(array, all of them)` is the field `tags`. */
export function fieldName(key: string): string {
  if (key.startsWith('(*)')) return '(*)';
  return (/^[^(]*/.exec(key)?.[0] ?? key).trim().replace(/\?$/, '');
}

/** The entries of a schema that declare fields, in Picoschema or JSON Schema. */
export function schemaFields(schema: YamlValue | undefined): YamlEntry[] {
  if (schema?.kind !== 'map') return [];
  return jsonSchemaFields(schema) ?? schema.entries;
}

export function isJsonSchema(schema: YamlMap): boolean {
  return jsonSchemaFields(schema) !== undefined;
}

/** Undefined if a schema is not JSON Schema by the format's rule: a JSON Schema `type`, or a map `properties`. */
function jsonSchemaFields(schema: YamlMap): YamlEntry[] | undefined {
  const type = findEntry(schema, ['type'])?.value;
  const properties = findEntry(schema, ['properties'])?.value;
  if (properties?.kind === 'map') return properties.entries;
  const isType =
    type?.kind === 'scalar' && /^(any|boolean|integer|null|number|string|object|array)$/.test(String(type.value));
  return isType ? [] : undefined;
}

function nameRange(source: string, { key, keyRange }: YamlEntry): Range {
  const quote = /^["']/.test(source.slice(keyRange.start, keyRange.start + 1)) ? 1 : 0;
  const start = keyRange.start + quote;
  return { start, end: Math.min(start + fieldName(key).length, keyRange.end) };
}
