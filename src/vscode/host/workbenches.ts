import path from 'node:path';
import * as vscode from 'vscode';
import type { Log, SecretStore } from '../../core/base/ports.ts';
import { createWindowId } from '../../core/jobs/window-id.ts';
import type { Workbench } from '../../core/workbench.ts';
import { createFileReader } from './files.ts';
import { findGitTransport, readGitPath } from './git-extension.ts';
import { afterLenses } from './lenses-first.ts';
import { createEditorNetwork } from './network.ts';
import { priceListFile } from './price-list-file.ts';
import { selectedPython } from './python-interpreter.ts';
import { readSettings } from './settings.ts';

/** The workbench of each workspace folder, created on first use. A window without a folder has its own. */
export class Workbenches implements vscode.Disposable {
  readonly #context: vscode.ExtensionContext;
  readonly #log: Log;
  readonly #files = createFileReader();
  readonly #modelsChanged = new vscode.EventEmitter<void>();
  readonly #runsChanged = new vscode.EventEmitter<void>();
  readonly #evaluationsChanged = new vscode.EventEmitter<void>();
  readonly #made = new Map<string, { promise: Promise<Workbench>; workbench?: Workbench }>();
  readonly #subscriptions: vscode.Disposable;
  #shown: vscode.WorkspaceFolder | undefined;
  /** Connections, keys or settings changed, so that information about models may be outdated. */
  readonly onModelsChanged = this.#modelsChanged.event;
  /** Runs were started, finished, rated or deleted, or their window was lost. */
  readonly onRunsChanged = this.#runsChanged.event;
  /** Evaluations were started, advanced, ended, pinned, rated or deleted, in this window. */
  readonly onEvaluationsChanged = this.#evaluationsChanged.event;

  constructor(context: vscode.ExtensionContext, log: Log) {
    this.#context = context;
    this.#log = log;
    this.#shown = this.folderOf();
    const reload = () => this.reloadModels();
    const watcher = vscode.workspace.createFileSystemWatcher('**/llmops/{connections,prices}.yaml');
    this.#subscriptions = vscode.Disposable.from(
      this.#modelsChanged,
      this.#runsChanged,
      this.#evaluationsChanged,
      watcher,
      watcher.onDidChange(reload),
      watcher.onDidCreate(reload),
      watcher.onDidDelete(reload),
      vscode.workspace.onDidGrantWorkspaceTrust(reload),
      vscode.window.onDidChangeActiveTextEditor(() => this.#followFolder()),
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.#followFolder()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('llmops.runs.linkedFolders')) this.runsChanged();
        if (event.affectsConfiguration('llmops') || event.affectsConfiguration('http')) void reload();
      }),
      context.secrets.onDidChange(() => this.modelsChanged()),
    );
  }

  /** VS Code's storage for how panels look in this workspace. */
  get viewState(): vscode.Memento {
    return this.#context.workspaceState;
  }

  /** For the folder of a file, or else of the active editor, or else the first one. */
  for(uri?: vscode.Uri): Promise<Workbench> {
    const folder = this.folderOf(uri);
    const key = folder?.uri.toString() ?? '';
    const known = this.#made.get(key);
    if (known) return known.promise;
    const made: { promise: Promise<Workbench>; workbench?: Workbench } = { promise: this.#make(folder) };
    this.#made.set(key, made);
    made.promise.then(
      (workbench) => Object.assign(made, { workbench }),
      () => this.#made.delete(key),
    );
    return made.promise;
  }

  /** A panel or a view has no file. It uses the folder that was used last. */
  folderOf(uri = vscode.window.activeTextEditor?.document.uri): vscode.WorkspaceFolder | undefined {
    const own = uri && vscode.workspace.getWorkspaceFolder(uri);
    const folders = vscode.workspace.workspaceFolders ?? [];
    return own ?? folders.find((folder) => folder.uri.toString() === this.#shown?.uri.toString()) ?? folders[0];
  }

  /** The name of the folder if the window has several, for the description of a view. */
  folderLabel(): string | undefined {
    return (vscode.workspace.workspaceFolders?.length ?? 0) > 1 ? this.folderOf()?.name : undefined;
  }

  /** True once the folder has recorded something. Reading its history before that must not create a database. */
  async hasHistory(uri?: vscode.Uri): Promise<boolean> {
    const folder = this.folderOf(uri);
    // Without a folder, the history is in memory from the first use of core.
    if (!folder) return this.#made.has('');
    // if the folder is not writable, the runs of this window are in memory
    if (this.#made.get(folder.uri.toString())?.workbench?.store.isOpen()) return true;
    return this.#files.exists(path.join(folder.uri.fsPath, '.llmops', 'llmops.db'));
  }

  modelsChanged(): void {
    this.#modelsChanged.fire();
  }

  runsChanged(): void {
    this.#runsChanged.fire();
  }

  evaluationsChanged(): void {
    this.#evaluationsChanged.fire();
  }

  /** Reads connections and prices again. */
  async reloadModels(): Promise<void> {
    await Promise.all([...this.#made.values()].map(async ({ promise }) => (await promise).models.reload()));
    this.modelsChanged();
  }

  dispose(): void {
    this.#subscriptions.dispose();
    for (const { workbench } of this.#made.values()) void workbench?.dispose();
  }

  /** With several folders, views show the one that is in use. */
  #followFolder(): void {
    const folder = this.folderOf();
    if (folder?.uri.toString() === this.#shown?.uri.toString()) return;
    this.#shown = folder;
    this.modelsChanged();
    this.runsChanged();
    this.evaluationsChanged();
  }

  async #make(folder: vscode.WorkspaceFolder | undefined): Promise<Workbench> {
    const context = this.#context;
    await afterLenses();
    const [{ createWorkbench }, { createHostModels }] = await Promise.all([
      import('../../core/workbench.ts'),
      import('./host-models.ts'),
    ]);
    const hostModels = createHostModels();
    return createWorkbench({
      folder: folder?.uri.fsPath,
      trusted: () => vscode.workspace.isTrusted,
      settings: () => readSettings(folder?.uri),
      files: this.#files,
      secrets: createSecretStore(context.secrets),
      env: process.env,
      log: this.#log,
      now: Date.now,
      network: createEditorNetwork,
      ...(hostModels ? { hostModels } : {}),
      modelCache: {
        get: async (key) => context.globalState.get(`models:${key}`),
        set: async (key, value) => context.globalState.update(`models:${key}`, value),
      },
      priceListFile: priceListFile(context),
      storeWorkerUrl: new URL(vscode.Uri.joinPath(context.extensionUri, 'dist', 'store-worker.js').toString(true)),
      windowId: createWindowId('window'),
      gitPath: readGitPath,
      gitTransport: findGitTransport,
      python: () => selectedPython(folder?.uri),
      onOthersEnded: () => {
        this.runsChanged();
        this.evaluationsChanged();
      },
    });
  }
}

function createSecretStore(secrets: vscode.SecretStorage): SecretStore {
  return {
    get: async (name) => secrets.get(name),
    set: async (name, value) => secrets.store(name, value),
    delete: async (name) => secrets.delete(name),
  };
}
