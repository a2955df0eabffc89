import type { Range } from '../../prompts/prompt.ts';
import { SCALAR_TYPES, splitDescription } from '../../prompts/schema/picoschema.ts';
import type { SyntaxTree, YamlEntry, YamlMap, YamlValue } from '../syntax/tree.ts';
import { findEntry, isJsonSchema } from './declarations.ts';
import type { DeclaredVariable } from './declared-variable.ts';
import { type FindSchema, shapeOf } from './file-variables.ts';

/**
 * Every variable of the front matter, in order: those of the schema, then those with only a default value. With
 * `findSchema`, named schemas are treated as if their fields were written out.
 */
export function declaredVariables(tree: SyntaxTree, findSchema: FindSchema = () => undefined): DeclaredVariable[] {
  const input = findEntry(tree.frontMatter?.root, ['input']);
  if (input?.value?.kind !== 'map') return [];
  const defaults = mapOf(findEntry(input.value, ['default'])?.value)?.entries ?? [];
  const schema = schemaVariables(findEntry(input.value, ['schema'])?.value, findSchema);
  const textOf = ({ value }: YamlEntry) => value && tree.source.slice(value.range.start, value.range.end).trimEnd();
  const defaultOf = (name: string) => {
    const entry = defaults.find(({ key }) => key === name);
    return entry && textOf(entry);
  };
  const declared = schema.map((variable) => ({ ...variable, defaultText: defaultOf(variable.name) }));
  const rest = defaults
    .filter(({ key }) => !declared.some(({ name }) => name === key))
    .map((entry): DeclaredVariable => ({ ...fromKey(entry), from: 'default', defaultText: textOf(entry) }));
  return [...declared, ...rest];
}

/** The variable or field at a path of names. */
export function findDeclared(
  variables: readonly DeclaredVariable[],
  names: readonly string[],
): DeclaredVariable | undefined {
  let fields = variables;
  let found: DeclaredVariable | undefined;
  for (const name of names) {
    found = fields.find((field) => field.name === name);
    if (!found) return undefined;
    fields = found.fields;
  }
  return found;
}

/** A value of the front matter as JSON data, for compiling or counting it. */
export function yamlToData(value: YamlValue | undefined): unknown {
  if (value === undefined) return null;
  if (value.kind === 'scalar') return value.value;
  if (value.kind === 'seq') return value.items.map(yamlToData);
  return Object.fromEntries(value.entries.map((entry) => [entry.key, yamlToData(entry.value)]));
}

/** Every text in a scalar or a list of scalars, with its range. */
export function scalars(value: YamlValue | undefined): { text: string; range: Range }[] {
  if (value?.kind === 'seq') return value.items.flatMap(scalars);
  if (value?.kind !== 'scalar' || typeof value.value !== 'string') return [];
  return [{ text: value.value, range: value.range }];
}

function mapOf(value: YamlValue | undefined): YamlMap | undefined {
  return value?.kind === 'map' ? value : undefined;
}

/** The variables that an input schema declares, in Picoschema or under JSON Schema's `properties`. */
export function schemaVariables(
  schema: YamlValue | undefined,
  findSchema: FindSchema = () => undefined,
): DeclaredVariable[] {
  if (schema?.kind === 'scalar') return [...(namedShape(schema, findSchema)?.fields ?? [])];
  if (schema?.kind !== 'map') return [];
  return isJsonSchema(schema) ? jsonSchemaFields(schema) : picoschemaFields(schema, findSchema);
}

/** The shape of a type that refers to a file. */
function namedShape(
  value: YamlValue | undefined,
  findSchema: FindSchema,
): (ReturnType<typeof shapeOf> & { file: string }) | undefined {
  const [written] = value?.kind === 'scalar' ? scalars(value) : [];
  const [name] = splitDescription(written?.text ?? '');
  if (!written || name === '' || SCALAR_TYPES.includes(name)) return undefined;
  const schema = findSchema(name);
  return schema && { ...shapeOf(schema, { name, range: written.range }), file: name };
}

function picoschemaFields(map: YamlMap, findSchema: FindSchema): DeclaredVariable[] {
  return map.entries.filter(({ key }) => !key.startsWith('(*)')).map((entry) => picoschemaField(entry, findSchema));
}

function jsonSchemaFields(map: YamlMap): DeclaredVariable[] {
  const required = scalars(findEntry(map, ['required'])?.value);
  const properties = mapOf(findEntry(map, ['properties'])?.value);
  return properties?.entries.map((entry) => jsonSchemaField(entry, required)) ?? [];
}

function jsonSchemaField(entry: YamlEntry, required: readonly { text: string; range: Range }[]): DeclaredVariable {
  const schema = mapOf(entry.value);
  const text = (key: string) => scalars(findEntry(schema, [key])?.value)[0]?.text;
  const element = schema && (mapOf(findEntry(schema, ['items'])?.value) ?? schema);
  const open = element && findEntry(element, ['additionalProperties'])?.value;
  return {
    ...fromKey(entry),
    type: text('type'),
    description: text('description'),
    optional: !required.some(({ text }) => text === entry.key),
    requiredRange: required.find(({ text }) => text === entry.key)?.range,
    fields: element ? jsonSchemaFields(element) : [],
    closed: open?.kind === 'scalar' && open.value === false,
  };
}

function picoschemaField(entry: YamlEntry, findSchema: FindSchema): DeclaredVariable {
  const named = namedShape(entry.value, findSchema);
  const field = { ...fromKey(entry), file: named?.file };
  const written = scalars(entry.value)[0]?.text;
  const [scalar, scalarDescription] = splitDescription(written ?? '');
  const own = entry.value?.kind === 'map' ? picoschemaFields(entry.value, findSchema) : [];
  const fields = named?.fields ?? own;
  const closed = named?.closed ?? (own.length > 0 && own.length === mapOf(entry.value)?.entries.length);
  const inner = named?.type ?? (own.length > 0 ? 'object' : scalar || 'any');
  const parenthesis = /\(([^)]*)\)?$/.exec(entry.key)?.[1];
  if (parenthesis === undefined) {
    return { ...field, type: inner, description: scalarDescription, fields, closed };
  }
  const [kind, description] = splitDescription(parenthesis);
  const options = entry.value?.kind === 'seq' ? entry.value.items.map((item) => String(yamlToData(item))) : [];
  const type = kind === 'enum' ? `one of ${options.join(', ')}` : kind === 'array' ? `array of ${inner}` : kind;
  return { ...field, type, description: description ?? scalarDescription, fields, closed };
}

/** `name?(array, …)` parsed as a name; a quoted key starts after its quote. */
function fromKey(entry: YamlEntry): DeclaredVariable {
  const name = /^[^?(]*/.exec(entry.key)?.[0].trim() ?? entry.key;
  const quote = entry.keyRange.end - entry.keyRange.start > entry.key.length ? 1 : 0;
  const start = entry.keyRange.start + quote;
  return {
    name,
    range: { start, end: start + name.length },
    from: 'schema',
    file: undefined,
    type: undefined,
    description: undefined,
    optional: entry.key.startsWith(`${name}?`),
    defaultText: undefined,
    fields: [],
    closed: false,
    requiredRange: undefined,
  };
}

/** A variable's type for display: the name of its schema if it has one. */
export function shownType({ from, file, type }: DeclaredVariable): string | undefined {
  if (from !== 'schema' || file === undefined) return type;
  return type?.startsWith('array of ') ? `array of ${file}` : file;
}

/** The entries of the front matter around an offset, outermost first; list elements are skipped. */
export function entriesAt(map: YamlMap, offset: number): YamlEntry[] {
  const isAround = ({ start, end }: Range) => start <= offset && offset <= end;
  const entry = map.entries.find(({ range }) => isAround(range));
  if (!entry) return [];
  const { value } = entry;
  if (value?.kind === 'map' && isAround(value.range)) return [entry, ...entriesAt(value, offset)];
  const item = value?.kind === 'seq' ? value.items.find(({ range }) => isAround(range)) : undefined;
  return item?.kind === 'map' ? [entry, ...entriesAt(item, offset)] : [entry];
}
