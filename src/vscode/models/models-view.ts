import * as vscode from 'vscode';
import { lazy } from '../../core/base/lazy.ts';
import type { Connection } from '../../core/models/connection.ts';
import { isOnThisMachine } from '../../core/models/connections/origins.ts';
import type { ConnectionInfo } from '../../core/models/models.ts';
import { VIEWS } from '../host/contributions.ts';
import { PagedTree } from '../shell/paged-tree.ts';
import type { ModelsNode, ModelsRow } from './models-node.ts';
import type { ModelsViewDeps } from './models-rows.ts';

export function registerModelsView(deps: ModelsViewDeps): vscode.Disposable {
  /** Servers on this machine that were queried automatically, as declared at that time. */
  const queried = new Set<string>();
  const items = lazy(() => import('./models-items.ts'));
  const tree = new PagedTree<ModelsRow>(VIEWS.models, {
    log: deps.log,
    failure: 'Could not read the connections',
    idOf: (row) => (row.kind === 'connection' ? `connection:${row.info.connection.id}` : `model:${row.model.ref}`),
    toItem: async (row) => (await items()).toModelsItem(row),
    async rows(parent) {
      const { connectionRows, modelsOf } = await import('./models-rows.ts');
      if (parent) {
        const rows = await modelsOf(deps, parent);
        if (await refreshNode(deps, parent)) updateLater(parent);
        return rows;
      }
      tree.view.description = deps.workbenches.folderLabel();
      const rows = await connectionRows(deps);
      // once the rows are there
      setTimeout(() => void queryThisMachine(rows), 0);
      return rows;
    },
  });

  /** VS Code drops rows that are refreshed before it has them. */
  function updateLater(row: ModelsNode): void {
    setTimeout(() => tree.update([row]), 0);
  }

  /** A run also shows whether a server or a model responds. */
  async function followRuns(): Promise<void> {
    const { models } = await deps.workbenches.for();
    for (const row of tree.shownRows()) {
      if (await refreshNode(deps, row)) await refreshConnection(row);
      if (row.kind !== 'model') continue;
      const now = await models.modelInfo(row.model.ref);
      if (!now || now.failure?.at === row.model.failure?.at) continue;
      row.model = now;
      tree.update([row]);
    }
  }

  async function refreshConnection(row: ModelsNode): Promise<void> {
    await tree.refreshUnder([row]);
    tree.update([row]);
  }

  async function queryThisMachine(rows: readonly ModelsNode[]): Promise<void> {
    if (!vscode.workspace.isTrusted) return;
    await Promise.all(
      rows.map(async (row) => {
        if (row.kind !== 'connection' || !isQueriedAutomatically(row.info)) return;
        const { connection } = row.info;
        const key = JSON.stringify(connection);
        if (queried.has(key)) return;
        queried.add(key);
        const workbench = await deps.workbenches.for();
        await workbench.models.listModels(connection.id, { refresh: connection.type !== 'vscode' });
        const shown = tree.find(tree.idOf(row));
        if (shown && (await refreshNode(deps, shown))) await refreshConnection(shown);
      }),
    );
  }

  const refresh = () => void tree.refresh();
  const modelsOfHost = vscode.lm?.onDidChangeChatModels?.(() => {
    for (const key of queried) if ((JSON.parse(key) as Connection).type === 'vscode') queried.delete(key);
    refresh();
  });
  return vscode.Disposable.from(
    tree,
    deps.workbenches.onModelsChanged(refresh),
    deps.workbenches.onRunsChanged(() => tree.shownRows().length > 0 && void followRuns()),
    vscode.workspace.onDidChangeWorkspaceFolders(refresh),
    ...(modelsOfHost ? [modelsOfHost] : []),
  );
}

/** No request leaves this machine without a user action. A server without its key would only reject the request. */
function isQueriedAutomatically({ connection, state }: ConnectionInfo): boolean {
  if (connection.type === 'vscode') return true;
  return state.kind === 'unknown' && isOnThisMachine(connection);
}

/** Updates the row of a connection. True if its text changed. */
async function refreshNode({ workbenches, log }: ModelsViewDeps, node: ModelsNode): Promise<boolean> {
  if (node.kind !== 'connection') return false;
  try {
    const workbench = await workbenches.for();
    const now = await workbench.models.connection(node.info.connection.id);
    const before = node.info;
    node.info = now;
    return outline(now) !== outline(before);
  } catch (error) {
    log.debug(`Could not read the state of a connection: ${String(error)}`);
    return false;
  }
}

/** Without the time, so that a row is not refreshed after every response. */
function outline({ state, listed, hasKey }: ConnectionInfo): string {
  const error = state.kind === 'unreachable' ? state.error : undefined;
  return JSON.stringify([state.kind, error, listed?.models, hasKey]);
}
