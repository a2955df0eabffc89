import type { Range } from '../../prompts/prompt.ts';
import { SCALAR_TYPES } from '../../prompts/schema/picoschema.ts';
import type { SyntaxTree, YamlMap, YamlValue } from '../syntax/tree.ts';
import { findEntry, isJsonSchema } from './declarations.ts';

/** A type in a schema that is not one of Picoschema's own, so the name of a file in a `schemas` folder. */
interface SchemaName {
  name: string;
  range: Range;
}

/** Every named schema of a prompt's input, output and tools. */
export function schemaNamesIn({ source, frontMatter }: SyntaxTree): SchemaName[] {
  if (!frontMatter) return [];
  const { root } = frontMatter;
  const tools = findEntry(root, ['toolDefs'])?.value;
  const inputs = tools?.kind === 'seq' ? tools.items.filter((item): item is YamlMap => item.kind === 'map') : [];
  return [
    findEntry(root, ['input', 'schema'])?.value,
    findEntry(root, ['output', 'schema'])?.value,
    ...inputs.map((tool) => findEntry(tool, ['inputSchema'])?.value),
  ].flatMap((schema) => (schema?.kind === 'map' && isJsonSchema(schema) ? [] : namesInType(source, schema)));
}

/** The schemas that a schema file refers to. */
export function namesInSchemaFile(source: string, root: YamlMap): SchemaName[] {
  return isJsonSchema(root) ? [] : namesInType(source, root);
}

function namesInType(source: string, value: YamlValue | undefined): SchemaName[] {
  // a list contains the values of an enum
  if (value?.kind === 'map') return value.entries.flatMap((entry) => namesInType(source, entry.value));
  if (value?.kind !== 'scalar' || typeof value.value !== 'string') return [];
  const name = /^[^,]*/.exec(value.value)?.[0].trim() ?? '';
  if (!/^[\w-]+(?:\.[\w-]+)*$/.test(name) || SCALAR_TYPES.includes(name)) return [];
  const start = source.indexOf(name, value.range.start);
  return start >= 0 && start < value.range.end ? [{ name, range: { start, end: start + name.length } }] : [];
}
