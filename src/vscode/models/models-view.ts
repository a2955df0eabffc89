import * as vscode from 'vscode';
import type { Connection } from '../../core/models/connection.ts';
import { isOnThisMachine } from '../../core/models/connections/origins.ts';
import type { ConnectionInfo } from '../../core/models/models.ts';
import { VIEWS } from '../host/contributions.ts';
import type { ModelsNode } from './models-node.ts';
import type { ModelsViewDeps } from './models-rows.ts';

export function registerModelsView(deps: ModelsViewDeps): vscode.Disposable {
  const changed = new vscode.EventEmitter<ModelsNode | undefined>();
  let shown: ModelsNode[] = [];
  /** What VS Code is about to ask for. */
  let ready: ModelsNode[] | undefined;
  let turn = 0;
  /** The models that rows were made for, by connection. */
  const unfolded = new Map<string, ModelsNode[]>();
  /** Servers on this machine that were asked unasked, as they were declared then. */
  const asked = new Set<string>();

  const provider: vscode.TreeDataProvider<ModelsNode> = {
    onDidChangeTreeData: changed.event,
    getTreeItem: async (node) => (await import('./models-items.ts')).toModelsItem(node),
    async getChildren(node) {
      if (node) return unfold(node);
      view.description = deps.workbenches.folderLabel();
      shown = ready ?? (await readConnections());
      ready = undefined;
      void askThisMachine();
      return shown;
    },
  };
  const view = vscode.window.createTreeView(VIEWS.models, { treeDataProvider: provider, showCollapseAll: true });

  async function readConnections(): Promise<ModelsNode[]> {
    return (await import('./models-rows.ts')).connectionNodes(deps);
  }
  async function unfold(node: ModelsNode): Promise<ModelsNode[]> {
    const rows = await (await import('./models-rows.ts')).modelsOf(deps, node);
    if (node.kind === 'connection') unfolded.set(node.info.connection.id, rows);
    // VS Code drops rows that it is told to renew before it has them
    if (await hasMovedOn(deps, node)) setTimeout(() => changed.fire(node), 0);
    return rows;
  }
  /** VS Code forgets all rows when it is told to renew them, and asks: what it gets is read before. */
  async function renew(): Promise<void> {
    turn += 1;
    const mine = turn;
    const rows = view.visible ? await readConnections() : undefined;
    if (mine !== turn) return; // something else changed meanwhile: it is read by the next turn
    ready = rows;
    changed.fire(undefined);
  }
  /** A run, too, finds out whether a server or a model answers. */
  async function followRuns(): Promise<void> {
    for (const node of shown) if (await hasMovedOn(deps, node)) changed.fire(node);
    const { models } = await deps.workbenches.for();
    for (const node of [...unfolded.values()].flat()) {
      if (node.kind !== 'model') continue;
      const now = await models.modelInfo(node.model.ref);
      if (!now || now.failure?.at === node.model.failure?.at) continue;
      node.model = now;
      changed.fire(node);
    }
  }
  async function askThisMachine(): Promise<void> {
    if (!vscode.workspace.isTrusted) return;
    await Promise.all(
      shown.map(async (node) => {
        if (node.kind !== 'connection' || !isAskedUnasked(node.info)) return;
        const key = JSON.stringify(node.info.connection);
        if (asked.has(key)) return;
        asked.add(key);
        const workbench = await deps.workbenches.for();
        await workbench.models.listModels(node.info.connection.id, { refresh: node.info.connection.type !== 'vscode' });
        if (await hasMovedOn(deps, node)) changed.fire(node);
      }),
    );
  }

  const modelsOfHost = vscode.lm?.onDidChangeChatModels?.(() => {
    for (const key of asked) if ((JSON.parse(key) as Connection).type === 'vscode') asked.delete(key);
    void renew();
  });
  return vscode.Disposable.from(
    view,
    changed,
    deps.workbenches.onModelsChanged(() => void renew()),
    deps.workbenches.onRunsChanged(() => shown.length > 0 && void followRuns()),
    vscode.workspace.onDidChangeWorkspaceFolders(() => void renew()),
    ...(modelsOfHost ? [modelsOfHost] : []),
  );
}

/** Nothing leaves this machine unasked; a server that lacks its key would only refuse. */
function isAskedUnasked({ connection, state }: ConnectionInfo): boolean {
  if (connection.type === 'vscode') return true;
  return state.kind === 'unknown' && isOnThisMachine(connection);
}

/** Whether a connection's row says something else than it did; the row is brought up to date. */
async function hasMovedOn({ workbenches, log }: ModelsViewDeps, node: ModelsNode): Promise<boolean> {
  if (node.kind !== 'connection') return false;
  try {
    const workbench = await workbenches.for();
    const now = await workbench.models.connection(node.info.connection.id);
    const before = node.info;
    node.info = now;
    return outline(now) !== outline(before);
  } catch (error) {
    log.debug(`The state of a connection could not be read: ${String(error)}`);
    return false;
  }
}

/** Not the time: a row is not drawn again for every answer. */
function outline({ state, listed, hasKey }: ConnectionInfo): string {
  const error = state.kind === 'unreachable' ? state.error : undefined;
  return JSON.stringify([state.kind, error, listed?.models, hasKey]);
}
