import * as vscode from 'vscode';
import { registerLazyCommands } from '../shell/run-command.ts';
import type { WalkthroughSteps } from '../shell/walkthrough-steps.ts';
import type { PromptCommandDeps } from './prompt-commands.ts';
import type { PromptsView } from './prompts-view.ts';

export function registerPromptCommands(
  deps: PromptCommandDeps & { steps: WalkthroughSteps; view: PromptsView },
): vscode.Disposable {
  const { log, view } = deps;
  return vscode.Disposable.from(
    registerLazyCommands('prompts', log, async () => (await import('./prompt-commands.ts')).createPromptCommands(deps)),
    registerLazyCommands('promptsView', log, async () =>
      (await import('./prompts-view-commands.ts')).createPromptsViewCommands(await view.content()),
    ),
  );
}
