import { isRecord } from '../../../shared/is-record.ts';
import type { JsonSchema } from '../../models/chat-model.ts';
import { describe } from '../../prompts/front-matter/parameters.ts';
import type { Range } from '../../prompts/prompt.ts';
import { findEntry } from '../analysis/declarations.ts';
import { yamlToData } from '../analysis/schema-variables.ts';
import type { YamlValue } from '../syntax/tree.ts';
import { type CheckContext, report } from './check-context.ts';

/** Checks the default values by the rules that all schemas share, without loading anything; a run checks the rest. */
export function checkDefaults(context: CheckContext): void {
  const { prompt, analyzed } = context;
  const defaults = findEntry(analyzed.tree.frontMatter?.root, ['input', 'default'])?.value;
  const { schema } = prompt.input;
  if (defaults?.kind !== 'map' || !schema || !isRecord(schema.properties)) return;
  checkValue({ value: defaults, schema, name: '' }, context);
}

interface DefaultValue {
  value: YamlValue | undefined;
  schema: unknown;
  /** As written in the file, `items.name`. */
  name: string;
}

function checkValue({ value, schema, name }: DefaultValue, context: CheckContext): void {
  if (!value || !isRecord(schema) || isAlias(value)) return;
  const problem = valueProblem(yamlToData(value), schema);
  if (problem) {
    report(context, 'default-value', `The default of \`${name}\` ${problem}.`, value.range);
    return;
  }
  if (value.kind === 'seq')
    for (const item of value.items) checkValue({ value: item, schema: schema.items, name }, context);
  if (value.kind !== 'map') return;
  const properties = isRecord(schema.properties) ? schema.properties : {};
  for (const { key, keyRange, value: inner } of value.entries) {
    const path = name === '' ? key : `${name}.${key}`;
    if (Object.hasOwn(properties, key)) checkValue({ value: inner, schema: properties[key], name: path }, context);
    else checkExtra({ value: inner, schema, name: path }, keyRange, context);
  }
}

function checkExtra({ value, schema, name }: DefaultValue, keyRange: Range, context: CheckContext): void {
  if (!isRecord(schema) || name.startsWith('<<')) return;
  const { additionalProperties: others, patternProperties } = schema;
  if (others === false && patternProperties === undefined) {
    report(context, 'default-value', `\`${name}\` has a default, but is not in the schema.`, keyRange);
  } else checkValue({ value, schema: others, name }, context);
}

function isAlias(value: YamlValue): boolean {
  return value.kind === 'scalar' && !value.quoted && typeof value.value === 'string' && value.value.startsWith('*');
}

/** Why a value is invalid; also undefined if the schema has rules that are not checked here. */
function valueProblem(value: unknown, schema: JsonSchema): string | undefined {
  const types = [schema.type].flat().filter((type): type is string => typeof type === 'string');
  if (types.length > 0 && !types.some((type) => isOfType(value, type))) {
    return `must be ${types.filter((type) => type !== 'null').join(' or ')}, not ${describe(value)}`;
  }
  const options: unknown = schema.enum;
  if (!Array.isArray(options) || typeof value === 'object' || options.includes(value)) return undefined;
  return `must be one of ${options.filter((option) => option !== null).join(', ')}, not ${describe(value)}`;
}

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case 'integer':
      return Number.isInteger(value);
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isRecord(value);
    case 'null':
      return value === null;
    case 'number':
    case 'string':
    case 'boolean':
      return typeof value === type;
    default:
      return true;
  }
}
