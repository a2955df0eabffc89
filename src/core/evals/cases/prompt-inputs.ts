import { isOfInput } from '../../../shared/input-path.ts';
import { type DatasetColumns, QUESTION_NAMES } from '../../datasets/row-columns.ts';
import type { InputField, Prompt } from '../../prompts/prompt.ts';
import { describeProblem } from '../../prompts/schema/describe-problem.ts';
import { readRowInput } from '../../prompts/schema/row-input.ts';
import type { EvalCase } from './eval-case.ts';

export interface CasePrompt {
  prompt: Prompt;
  /** Of the prompt, from `inputFields`. */
  fields: InputField[];
}

interface PromptInputs {
  input: Record<string, unknown>;
  /** Each a clause without a full stop. */
  problems: { code: 'missing-column' | 'wrong-type'; message: string }[];
}

/** The inputs of a prompt from a case: texts of CSV become the types that the prompt declares. */
export async function promptInputs(
  evalCase: EvalCase,
  { prompt, fields }: CasePrompt,
  columns: DatasetColumns,
): Promise<PromptInputs> {
  const values = inputValues(evalCase, fields, columns);
  const { input, problems } = await readRowInput(values, { prompt, fields });
  return {
    input,
    problems: problems.map((problem) => {
      const isMissing =
        problem.message === 'is missing' && !Object.keys(values).some((name) => isOfInput(problem.path, name));
      return { code: isMissing ? 'missing-column' : 'wrong-type', message: describeProblem(problem) };
    }),
  };
}

/** With a mapping only what it names; else the columns with the inputs' names, and the question under any usual name. */
function inputValues({ inputs, row }: EvalCase, fields: readonly InputField[], columns: DatasetColumns) {
  const from = columns.inputs ? inputs : row;
  const named = fields.filter(({ name }) => Object.hasOwn(from, name));
  const values = named.map(({ name }) => [name, from[name]] as const);
  const question = columns.inputs ? undefined : QUESTION_NAMES.find((name) => Object.hasOwn(inputs, name));
  const open = fields.filter((field) => !named.includes(field));
  const [only] = open.filter(({ required }) => required);
  const isOnly = fields.length === 1 || (only !== undefined && open.filter(({ required }) => required).length === 1);
  const asking = open.find(({ name }) => QUESTION_NAMES.includes(name)) ?? (isOnly ? (only ?? open[0]) : undefined);
  const isTaken = question !== undefined && named.some(({ name }) => name === question);
  const asked = question !== undefined && asking && !isTaken ? [[asking.name, inputs[question]] as const] : [];
  return Object.fromEntries([...values, ...asked]);
}
