import { isRecord } from '../../../shared/is-record.ts';
import type { Range } from '../../prompts/prompt.ts';
import type { LanguageWorkspace } from '../syntax/tree.ts';
import type { DeclaredVariable } from './declared-variable.ts';

/** Returns the compiled schema for a type that refers to a file. */
export type FindSchema = (name: string) => Record<string, unknown> | undefined;

/** The named schemas visible to a prompt at `path`. */
export function schemaFinder(
  workspace: Pick<LanguageWorkspace, 'schema'> | undefined,
  path: string | undefined,
): FindSchema {
  return (name) => {
    const found = workspace?.schema(name, path);
    // a text explains why the file cannot be used, and the check of the schema reports it
    return typeof found === 'object' ? found : undefined;
  };
}

/** The file with the fields, and where the prompt refers to it. */
interface SchemaUse {
  name: string;
  range: Range;
}

/** The shape of a schema's value, as far as a variable's declaration shows it. */
type Shape = Pick<DeclaredVariable, 'type' | 'fields' | 'closed'>;

/** The shape of a value of a compiled schema. */
export function shapeOf(schema: Record<string, unknown>, use: SchemaUse): Shape {
  const element = schema.items;
  const holder = isRecord(element) ? element : schema;
  const { fields, closed } = isRecord(element) ? shapeOf(element, use) : ownFields(holder, use);
  return { type: typeName(schema), fields, closed };
}

/** Whether an input of this schema has no variables other than the declared ones. */
export function isClosedFile(schema: Record<string, unknown>): boolean {
  if (!isRecord(schema.properties) || Object.keys(schema.properties).length === 0) return false;
  const isComposed = ['allOf', 'anyOf', 'oneOf', '$ref', 'patternProperties'].some((key) => Object.hasOwn(schema, key));
  return !isComposed && (schema.additionalProperties === undefined || schema.additionalProperties === false);
}

function ownFields(schema: Record<string, unknown>, use: SchemaUse): Omit<Shape, 'type'> {
  const properties = isRecord(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? schema.required : [];
  const fields = Object.entries(properties).map(([name, value]): DeclaredVariable => {
    const own = isRecord(value) ? value : {};
    return {
      ...shapeOf(own, use),
      name,
      range: use.range,
      from: 'file',
      file: use.name,
      description: typeof own.description === 'string' ? own.description : undefined,
      optional: !required.includes(name),
      defaultText: undefined,
      requiredRange: undefined,
    };
  });
  return { fields, closed: fields.length > 0 && schema.additionalProperties === false };
}

function typeName(schema: Record<string, unknown>): string | undefined {
  const options: unknown = schema.enum;
  if (Array.isArray(options)) return `one of ${options.filter((option) => option !== null).join(', ')}`;
  const types = [schema.type].flat().filter((type) => typeof type === 'string' && type !== 'null');
  if (types[0] === 'array') return `array of ${(isRecord(schema.items) && typeName(schema.items)) || 'any'}`;
  return types.length > 0 ? types.join(' or ') : undefined;
}
