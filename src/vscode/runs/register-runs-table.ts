import * as vscode from 'vscode';
import { PANELS } from '../contributions.ts';
import { requireTrust } from '../shell/prompt-targets.ts';
import { registerCommand } from '../shell/run-command.ts';
import { compareRuns, openRun, type RunHistoryDeps } from './run-history-commands.ts';

/** The command of the table of runs, and its return after a window reload. */
export function registerRunsTable(deps: Omit<RunHistoryDeps, 'view'>): vscode.Disposable {
  const actions = {
    open: (run: Parameters<typeof openRun>[1]) => openRun(deps, run),
    compare: (runs: Parameters<typeof compareRuns>[1]) => compareRuns(deps, runs),
  };
  return vscode.Disposable.from(
    registerCommand('llmops.runs.openTable', deps.log, async () => {
      requireTrust();
      const { openRunsPanel } = await import('./runs-panel.ts');
      await openRunsPanel(deps, actions);
    }),
    vscode.window.registerWebviewPanelSerializer(PANELS.runs, {
      async deserializeWebviewPanel(panel) {
        const { restoreRunsPanel } = await import('./runs-panel.ts');
        await restoreRunsPanel(deps, panel, actions);
      },
    }),
  );
}
