import * as vscode from 'vscode';
import { PANELS } from '../host/contributions.ts';
import { restorePanels } from '../shell/panels/restore-panels.ts';
import { requireTrust } from '../shell/prompt-targets.ts';
import { registerCommand } from '../shell/run-command.ts';
import type { RunsDeps } from './run-history-commands.ts';

/** Registers the command of the Runs table, and restores the table after a window reload. */
export function registerRunsTable(deps: RunsDeps): vscode.Disposable {
  const load = () => import('./runs-panel.ts');
  return vscode.Disposable.from(
    registerCommand('llmops.runs.openTable', deps.log, async () => {
      requireTrust();
      await (await load()).openRunsPanel(deps);
    }),
    restorePanels(PANELS.runs, deps, async () => (await load()).restoreRunsPanel),
  );
}
