import type { DatasetColumns } from '../../datasets/row-columns.ts';
import type { RenderedPrompt } from '../../prompts/prompt.ts';
import type { StoredCase } from '../../store/evals/eval-record.ts';
import { promptInputs } from '../cases/prompt-inputs.ts';
import type { PlannedColumn } from './plan-columns.ts';
import { rowOf } from './stored-case.ts';

interface RenderedCase {
  input: Record<string, unknown>;
  rendered: RenderedPrompt;
}

/** The messages of a case; earlier turns of it come where the prompt has its history. */
export async function renderCase(
  evalCase: StoredCase,
  prompt: NonNullable<PlannedColumn['prompt']>,
  mappings: ReadonlyMap<string | undefined, DatasetColumns>,
): Promise<RenderedCase> {
  const { resolved } = prompt;
  const { input } = await promptInputs({ row: rowOf(evalCase) }, prompt, mappings.get(evalCase.dataset) ?? {});
  const history = evalCase.messages ? { history: evalCase.messages } : {};
  return { input, rendered: await resolved.render({ input, ...history }) };
}
