import * as vscode from 'vscode';
import { registerLazyCommands } from '../shell/run-command.ts';
import type { WalkthroughSteps } from '../shell/walkthrough-steps.ts';
import type { PromptCommandDeps } from './prompt-commands.ts';
import type { PromptsView } from './prompts-view.ts';

const PROMPT_COMMANDS = [
  'llmops.prompt.run',
  'llmops.prompt.compare',
  'llmops.prompt.chooseModel',
  'llmops.compare.copyMarkdown',
  'llmops.compare.copyCsv',
  'llmops.panel.run',
  'llmops.prompt.create',
  'llmops.prompts.import',
  'llmops.prompt.export',
] as const;

const VIEW_COMMANDS = [
  'llmops.prompts.filter',
  'llmops.prompts.clearFilter',
  'llmops.prompts.sort',
  'llmops.prompts.refresh',
] as const;

export function registerPromptCommands(
  deps: PromptCommandDeps & { steps: WalkthroughSteps; view: PromptsView },
): vscode.Disposable {
  const { log, view } = deps;
  return vscode.Disposable.from(
    registerLazyCommands(PROMPT_COMMANDS, log, async () =>
      (await import('./prompt-commands.ts')).createPromptCommands(deps),
    ),
    registerLazyCommands(VIEW_COMMANDS, log, async () =>
      (await import('./prompts-view-commands.ts')).createPromptsViewCommands(await view.content()),
    ),
  );
}
