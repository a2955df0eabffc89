import * as vscode from 'vscode';
import { PANELS } from '../host/contributions.ts';
import { requireTrust } from '../shell/prompt-targets.ts';
import { registerCommand } from '../shell/run-command.ts';
import type { RunHistoryDeps } from './run-history-commands.ts';
import type { RunsPanelActions } from './runs-handlers.ts';

/** Registers the command of the Runs table, and restores the table after a window reload. */
export function registerRunsTable(deps: Omit<RunHistoryDeps, 'view'>): vscode.Disposable {
  const actions: RunsPanelActions = {
    open: async (run) => (await import('./run-history-commands.ts')).openRun(deps, run),
    compare: async (runs) => (await import('./run-history-commands.ts')).compareRuns(deps, runs),
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
