import { isOfInput } from '../../../shared/input-path.ts';
import { fieldColumns } from '../../datasets/field-columns.ts';
import type { DatasetColumns } from '../../datasets/row-columns.ts';
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
  evalCase: Pick<EvalCase, 'row'>,
  { prompt, fields }: CasePrompt,
  columns: DatasetColumns,
): Promise<PromptInputs> {
  const found = fieldColumns(evalCase.row, fields, columns.inputs);
  const values = Object.fromEntries([...found].map(([name, column]) => [name, evalCase.row[column]]));
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
