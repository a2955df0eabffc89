import * as vscode from 'vscode';
import { RunsSession } from '../../panels/runs/runs-session.ts';
import type { RunsEvent, RunsMethods } from '../../protocol/runs.ts';
import { PANELS } from '../host/contributions.ts';
import { createPanelHost, type PanelDeps } from '../shell/panel-host.ts';
import { createRunsHandlers, type RunsPanelActions } from './runs-handlers.ts';

interface RunsTarget {
  actions: RunsPanelActions;
}

/** One table per window. Like the Runs view, it shows the folder that is in use. */
const tables = createPanelHost<RunsTarget, RunsSession, RunsEvent, RunsMethods>({
  viewType: PANELS.runs,
  page: 'runs',
  title: 'Runs',
  icon: 'runs',
  column: () => vscode.ViewColumn.Active,
  preserveFocus: false,
  keyOf: () => '',
  promptOf: () => undefined,
  async open({ workbenches, log }, { actions }, send) {
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
      handlers: createRunsHandlers(session, { actions, log }),
      subscriptions: [
        workbenches.onRunsChanged(() => session.changed()),
        vscode.workspace.onDidGrantWorkspaceTrust(() => session.changed()),
      ],
    };
  },
});

export async function openRunsPanel(deps: PanelDeps, actions: RunsPanelActions): Promise<void> {
  await tables.open(deps, { actions });
}

/** Restores the table after a window reload. The webview remembers its filter, order and columns. */
export async function restoreRunsPanel(
  deps: PanelDeps,
  panel: vscode.WebviewPanel,
  actions: RunsPanelActions,
): Promise<void> {
  await tables.restore(deps, panel, [{ actions }]);
}
