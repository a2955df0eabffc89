import * as vscode from 'vscode';
import { lazy } from '../../core/base/lazy.ts';
import type { Connection } from '../../core/models/connection.ts';
import { isOnThisMachine } from '../../core/models/connections/origins.ts';
import type { ConnectionInfo } from '../../core/models/models.ts';
import { VIEWS } from '../host/contributions.ts';
import { PagedTree } from '../shell/paged-tree.ts';
import type { ModelsNode, ModelsRow } from './models-node.ts';
import type { ModelsViewDeps } from './models-rows.ts';

/** The Models view. Servers on this machine are queried when they are first shown. */
export class ModelsView implements vscode.Disposable {
  readonly #deps: ModelsViewDeps;
  readonly #tree: PagedTree<ModelsRow>;
  readonly #subscriptions: vscode.Disposable;
  /** Servers on this machine that were queried automatically, as declared at that time. */
  readonly #queried = new Set<string>();

  constructor(deps: ModelsViewDeps) {
    this.#deps = deps;
    const items = lazy(() => import('./models-items.ts'));
    this.#tree = new PagedTree<ModelsRow>(VIEWS.models, {
      log: deps.log,
      failure: 'Could not read the connections',
      after: deps.after,
      idOf: (row) => (row.kind === 'connection' ? `connection:${row.info.connection.id}` : `model:${row.model.ref}`),
      toItem: async (row) => (await items()).toModelsItem(row),
      rows: (parent) => (parent ? this.#modelsOf(parent) : this.#connections()),
    });
    const refresh = () => void this.#tree.refresh();
    this.#subscriptions = vscode.Disposable.from(
      this.#tree,
      deps.workbenches.onModelsChanged(refresh),
      deps.workbenches.onRunsChanged(() => this.#tree.shownRows().length > 0 && void this.#followRuns()),
      vscode.workspace.onDidChangeWorkspaceFolders(refresh),
      ...[vscode.lm?.onDidChangeChatModels?.(() => this.#forgetHostModels()) ?? []].flat(),
    );
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  async #connections(): Promise<ModelsNode[]> {
    const { connectionRows } = await import('./models-rows.ts');
    this.#tree.view.description = this.#deps.workbenches.folderLabel();
    const rows = await connectionRows(this.#deps);
    // once the rows are there
    setTimeout(() => void this.#queryThisMachine(rows), 0);
    return rows;
  }

  async #modelsOf(parent: ModelsNode): Promise<ModelsNode[]> {
    const { modelsOf } = await import('./models-rows.ts');
    const rows = await modelsOf(this.#deps, parent);
    // VS Code drops rows that are refreshed before it has them
    if (await refreshNode(this.#deps, parent)) setTimeout(() => this.#tree.update([parent]), 0);
    return rows;
  }

  /** A run also shows whether a server or a model responds. */
  async #followRuns(): Promise<void> {
    const { models } = await this.#deps.workbenches.for();
    for (const row of this.#tree.shownRows()) {
      if (await refreshNode(this.#deps, row)) await this.#refreshConnection(row);
      if (row.kind !== 'model') continue;
      const now = await models.modelInfo(row.model.ref);
      if (!now || now.failure?.at === row.model.failure?.at) continue;
      row.model = now;
      this.#tree.update([row]);
    }
  }

  async #refreshConnection(row: ModelsNode): Promise<void> {
    await this.#tree.refreshUnder([row]);
    this.#tree.update([row]);
  }

  async #queryThisMachine(rows: readonly ModelsNode[]): Promise<void> {
    if (vscode.workspace.isTrusted) await Promise.all(rows.map((row) => this.#queryOnce(row)));
  }

  async #queryOnce(row: ModelsNode): Promise<void> {
    if (row.kind !== 'connection' || !isQueriedAutomatically(row.info)) return;
    const { connection } = row.info;
    const key = JSON.stringify(connection);
    if (this.#queried.has(key)) return;
    this.#queried.add(key);
    const workbench = await this.#deps.workbenches.for();
    await workbench.models.listModels(connection.id, { refresh: connection.type !== 'vscode' });
    const shown = this.#tree.find(this.#tree.idOf(row));
    if (shown && (await refreshNode(this.#deps, shown))) await this.#refreshConnection(shown);
  }

  #forgetHostModels(): void {
    for (const key of this.#queried) if ((JSON.parse(key) as Connection).type === 'vscode') this.#queried.delete(key);
    void this.#tree.refresh();
  }
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
