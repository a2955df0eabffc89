import { joinPath } from '../../../shared/input-path.ts';
import { isRecord } from '../../../shared/is-record.ts';
import type { JsonSchema } from '../../models/chat-model.ts';
import type { InputField, InputProblem } from '../prompt.ts';
import { describeProblem } from './describe-problem.ts';

/** The fields without a value yet, as opposed to invalid values. */
export function missingInputs(fields: readonly InputField[], problems: readonly InputProblem[]) {
  const pathOf = ({ name }: InputField) => joinPath('$', name);
  const absent = problems.filter(({ message }) => message === 'is missing').map(({ path }) => path);
  const missing = fields.filter((field) => absent.includes(pathOf(field)));
  const named = missing.map(pathOf);
  return { missing, wrong: problems.filter(({ path }) => !named.includes(path)) };
}

/** `{{name}}` instead of each missing value, in the shape that the template expects: for display, never for sending. */
export function placeholderInput(missing: readonly InputField[]): Record<string, unknown> {
  return Object.fromEntries(missing.map(({ name, schema }) => [name, placeholder(name, schema, 0)]));
}

const DEEPEST = 5;

function placeholder(name: string, schema: JsonSchema, depth: number): unknown {
  const types = [schema.type].flat();
  if (depth < DEEPEST && types.includes('array')) {
    return [placeholder(name, isRecord(schema.items) ? schema.items : {}, depth + 1)];
  }
  if (depth < DEEPEST && isRecord(schema.properties)) {
    const entries = Object.entries(schema.properties);
    const inner = (key: string, value: unknown) =>
      placeholder(`${name}.${key}`, isRecord(value) ? value : {}, depth + 1);
    return Object.fromEntries(entries.map(([key, value]) => [key, inner(key, value)]));
  }
  return `{{${name}}}`;
}

/** The next step to see the messages: `Fill in email and age to see the messages.` */
export function fillIn(missing: readonly InputField[]): string {
  return `Fill in ${listOf(missing.map(({ name }) => name))} to see the messages.`;
}

/** Describes invalid values, by the names in the form. */
export function describeWrong(wrong: readonly InputProblem[]): string {
  const text = wrong.map(describeProblem).join('; ');
  return `${text.replace(/^the input\b/, 'The input')}.`;
}

function listOf(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
