import * as vscode from 'vscode';
import { PANELS } from '../host/contributions.ts';
import { restorePanels } from '../shell/panels/restore-panels.ts';
import { requireTrust } from '../shell/prompt-targets.ts';
import { registerCommand, registerLazyCommands } from '../shell/run-command.ts';
import type { RunHistoryDeps } from './run-history-commands.ts';

/** Registers the commands of the Runs view and of the Runs table, and restores the table after a window reload. */
export function registerRuns(deps: RunHistoryDeps): vscode.Disposable {
  const loadTable = () => import('./runs-panel.ts');
  return vscode.Disposable.from(
    registerLazyCommands('runs', deps.log, async () =>
      (await import('./run-history-commands.ts')).createRunCommands(deps),
    ),
    registerCommand('llmops.runs.openTable', deps.log, async () => {
      requireTrust();
      await (await loadTable()).openRunsPanel(deps);
    }),
    restorePanels(PANELS.runs, deps, async () => (await loadTable()).restoreRunsPanel),
  );
}
