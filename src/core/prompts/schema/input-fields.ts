import { isRecord } from '../../../shared/is-record.ts';
import type { JsonSchema } from '../../models/chat-model.ts';
import type { InputField, Prompt } from '../prompt.ts';
import { plainVariables } from '../template/plain-variables.ts';
import { parseTemplate } from '../template/template.ts';
import { templateVariables } from '../template/template-variables.ts';

/** The input form's fields, in the schema's order; without a schema, texts for the defaults and the used variables. */
export function inputFields(prompt: Prompt): InputField[] {
  const { schema, defaults } = prompt.input;
  const media = mediaNames(prompt);
  const properties = isRecord(schema?.properties) ? schema.properties : undefined;
  if (!schema || !properties) return undeclaredFields(prompt, media);
  const required = Array.isArray(schema.required) ? schema.required : [];
  const plain = plainOf(prompt, Object.values(properties));
  return Object.entries(properties).map(([name, value]) => {
    const own = isRecord(value) ? value : {};
    const fallback = name in defaults ? defaults[name] : own.default;
    return toField(name, own, {
      // An input with a default value in the file is optional.
      required: required.includes(name) && fallback === undefined,
      isMedia: media.includes(name),
      isText: isUntyped(own) && (fallback === undefined || typeof fallback === 'string') && plain.has(name),
      fallback,
    });
  });
}

/** The template is examined only if an input may be anything. */
function plainOf(prompt: Prompt, schemas: readonly unknown[]): Set<string> {
  const ast = schemas.some((schema) => isRecord(schema) && isUntyped(schema))
    ? parseTemplate(prompt.template.text).ast
    : undefined;
  return ast ? plainVariables(ast) : new Set();
}

/** A schema without constraints, such as `any`. */
function isUntyped(schema: JsonSchema): boolean {
  return Object.keys(schema).every((key) => key === 'description' || key === 'default' || key === 'title');
}

function undeclaredFields(prompt: Prompt, media: readonly string[]): InputField[] {
  const { defaults } = prompt.input;
  const { ast } = parseTemplate(prompt.template.text);
  const names = new Set([...Object.keys(defaults), ...(ast ? templateVariables(ast) : []), ...media]);
  return [...names].map((name) => {
    const fallback = defaults[name];
    const schema: JsonSchema = fallback === undefined || typeof fallback === 'string' ? { type: 'string' } : {};
    return toField(name, schema, { required: false, isMedia: media.includes(name), fallback });
  });
}

interface FieldDetails {
  required: boolean;
  isMedia: boolean;
  /** A value that may be anything, but that the template uses only as text. */
  isText?: boolean;
  fallback: unknown;
}

function toField(
  name: string,
  schema: JsonSchema,
  { required, isMedia, isText = false, fallback }: FieldDetails,
): InputField {
  const options = Array.isArray(schema.enum) ? schema.enum.filter((value) => typeof value === 'string') : [];
  return {
    name,
    type: isMedia ? 'media' : isText ? 'string' : fieldType(schema),
    required,
    ...(typeof schema.description === 'string' ? { description: schema.description } : {}),
    ...(options.length > 0 ? { options } : {}),
    ...(fallback === undefined ? {} : { default: fallback }),
    schema,
  };
}

function fieldType(schema: JsonSchema): InputField['type'] {
  if (Array.isArray(schema.enum)) {
    return schema.enum.every((value) => typeof value === 'string' || value === null) ? 'enum' : 'json';
  }
  const types = [schema.type].flat().filter((type) => type !== 'null');
  const [type] = types;
  if (types.length !== 1) return 'json';
  return type === 'string' || type === 'number' || type === 'integer' || type === 'boolean' ? type : 'json';
}

/** `llmops.media` lists the inputs whose values may be files of the workspace. */
function mediaNames(prompt: Prompt): string[] {
  const names: unknown = prompt.ext.llmops?.media;
  return [names].flat().filter((name): name is string => typeof name === 'string');
}
