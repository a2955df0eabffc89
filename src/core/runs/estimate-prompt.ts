import type { Prompt } from '../prompts/prompt.ts';
import type { Prompts } from '../prompts/prompts.ts';
import type { FilledWith } from '../prompts/render/filled-with.ts';
import { estimateRun, type RunEstimate, UNKNOWN_ESTIMATE } from './estimate.ts';
import type { RunDeps } from './run-deps.ts';

interface PromptEstimate extends RunEstimate {
  filledWith: FilledWith;
}

/** The cost of a prompt as it is in its file: the estimate that the editor shows on its own. */
export async function estimatePrompt(
  deps: RunDeps,
  { render }: Pick<Prompts, 'render'>,
  { prompt, model, trusted }: { prompt: Prompt; model: string; trusted: boolean },
): Promise<PromptEstimate> {
  const [{ defaultMessages }, { BACKGROUND_LIMITS }] = await Promise.all([
    import('../prompts/render/default-messages.ts'),
    import('../prompts/render/render-budget.ts'),
  ]);
  const { messages, filledWith } = await defaultMessages(prompt, {
    render: (drawn, input) => render(drawn, { input, limits: BACKGROUND_LIMITS }),
    trusted,
  });
  if (!messages) return { ...UNKNOWN_ESTIMATE, filledWith };
  const { parameters, output, tools } = prompt;
  return { ...(await estimateRun(deps, { model, messages, parameters, output, tools })), filledWith };
}
