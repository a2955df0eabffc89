import * as vscode from 'vscode';
import { RunsSession } from '../../panels/runs/runs-session.ts';
import type { RunsEvent, RunsMethods } from '../../protocol/runs.ts';
import { runsChecks } from '../../protocol/runs-checks.ts';
import { PANELS } from '../host/contributions.ts';
import { createPanelHost } from '../shell/panel-host.ts';
import type { RunsDeps } from './run-history-commands.ts';
import { createRunsHandlers } from './runs-handlers.ts';

/** One table per window. Like the Runs view, it shows the folder that is in use. */
const tables = createPanelHost<RunsDeps, RunsSession, RunsEvent, RunsMethods>({
  viewType: PANELS.runs,
  page: 'runs',
  title: 'Runs',
  icon: 'runs',
  column: () => vscode.ViewColumn.Active,
  preserveFocus: false,
  keyOf: () => '',
  promptOf: () => undefined,
  checks: runsChecks,
  async open({ workbenches }, deps, send) {
    const session = new RunsSession({
      store: async () => {
        if (!vscode.workspace.isTrusted || !(await workbenches.hasHistory())) return undefined;
        return (await workbenches.for()).store;
      },
      labelOf: (promptPath) => vscode.workspace.asRelativePath(promptPath),
      send,
    });
    return {
      session,
      handlers: createRunsHandlers(session, deps),
      subscriptions: [
        workbenches.onRunsChanged(() => session.changed()),
        vscode.workspace.onDidGrantWorkspaceTrust(() => session.changed()),
      ],
    };
  },
});

export async function openRunsPanel(deps: RunsDeps): Promise<void> {
  await tables.open(deps, deps);
}

/** Restores the table after a window reload. The webview remembers its filter, order and columns. */
export async function restoreRunsPanel(deps: RunsDeps, panel: vscode.WebviewPanel): Promise<void> {
  await tables.restore(deps, panel, [deps]);
}
