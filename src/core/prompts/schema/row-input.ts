import type { JsonSchema } from '../../models/chat-model.ts';
import type { InputField, InputProblem, Prompt } from '../prompt.ts';
import { readTypedInput } from './typed-input.ts';
import { validateInput } from './validate-input.ts';

interface PromptFields {
  prompt: Prompt;
  fields: InputField[];
}

/**
 * The inputs of a prompt from texts and values of a row or a command line: typed by the fields, and checked by the
 * schema together with the defaults. Each input has at most one kind of problem; `exact` values are not converted.
 */
export async function readRowInput(
  values: Record<string, unknown>,
  { prompt, fields }: PromptFields,
  exact: Record<string, unknown> = {},
): Promise<{ input: Record<string, unknown>; problems: InputProblem[] }> {
  const typed = readTypedInput(fields, values);
  const input = { ...typed.values, ...exact };
  const { schema, defaults } = prompt.input;
  const checked = schema ? await validateInput(schema, { ...defaults, ...input }) : [];
  const reported = new Set(typed.problems.map(({ path }) => path));
  return { input, problems: [...typed.problems, ...checked.filter(({ path }) => !reported.has(path))] };
}

/**
 * The columns of a row that an input schema does not allow, such as an `id` or the `expected` answer: a dataset has
 * them for other purposes. A schema that allows any property has none.
 */
export function extraColumns(row: Record<string, unknown>, schema: JsonSchema | undefined): string[] {
  const { properties, additionalProperties } = schema ?? {};
  if (additionalProperties !== false || typeof properties !== 'object' || properties === null) return [];
  return Object.keys(row).filter((name) => !Object.hasOwn(properties, name));
}
