import { randomUUID } from 'node:crypto';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Log } from '../../core/base/ports.ts';
import type { Workbench } from '../../core/workbench.ts';
import { createFileReader } from './files.ts';
import { findGitTransport, readGitPath } from './git-extension.ts';
import { afterLenses } from './lenses-first.ts';
import { createEditorNetwork } from './network.ts';
import { priceListFile } from './price-list-file.ts';
import { createSecretStore } from './secrets.ts';
import { readSettings } from './settings.ts';

/** The workbench of each workspace folder, created on first use. A window without a folder has its own. */
export interface Workbenches extends vscode.Disposable {
  /** For the folder of a file, or else of the active editor, or else the first one. */
  for(uri?: vscode.Uri): Promise<Workbench>;
  folderOf(uri?: vscode.Uri): vscode.WorkspaceFolder | undefined;
  /** The name of the folder if the window has several, for the description of a view. */
  folderLabel(): string | undefined;
  /** True once the folder has recorded something. Reading its history before that must not create a database. */
  hasHistory(uri?: vscode.Uri): Promise<boolean>;
  /** Connections, keys or settings changed, so that information about models may be outdated. */
  onModelsChanged: vscode.Event<void>;
  /** Runs were started, finished, rated or deleted. */
  onRunsChanged: vscode.Event<void>;
  modelsChanged(): void;
  /** Reads connections and prices again. */
  reloadModels(): Promise<void>;
  runsChanged(): void;
  /** VS Code's storage for how panels look in this workspace. */
  viewState: vscode.Memento;
}

export function createWorkbenches(context: vscode.ExtensionContext, log: Log): Workbenches {
  const modelsChanged = new vscode.EventEmitter<void>();
  const runsChanged = new vscode.EventEmitter<void>();
  const files = createFileReader();
  const made = new Map<string, { promise: Promise<Workbench>; workbench?: Workbench }>();

  let shown: vscode.WorkspaceFolder | undefined;

  /** A panel or a view has no file. It uses the folder that was used last. */
  function folderOf(uri = vscode.window.activeTextEditor?.document.uri): vscode.WorkspaceFolder | undefined {
    const own = uri && vscode.workspace.getWorkspaceFolder(uri);
    const folders = vscode.workspace.workspaceFolders ?? [];
    return own ?? folders.find((folder) => folder.uri.toString() === shown?.uri.toString()) ?? folders[0];
  }

  async function make(folder: vscode.WorkspaceFolder | undefined): Promise<Workbench> {
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
      files,
      secrets: createSecretStore(context.secrets),
      env: process.env,
      log,
      now: Date.now,
      network: createEditorNetwork,
      ...(hostModels ? { hostModels } : {}),
      modelCache: {
        get: async (key) => context.globalState.get(`models:${key}`),
        set: async (key, value) => context.globalState.update(`models:${key}`, value),
      },
      priceListFile: priceListFile(context),
      storeWorkerUrl: new URL(vscode.Uri.joinPath(context.extensionUri, 'dist', 'store-worker.js').toString(true)),
      windowId: `${vscode.env.sessionId}-${randomUUID()}`,
      gitPath: readGitPath,
      gitTransport: findGitTransport,
    });
  }

  async function reload() {
    await Promise.all([...made.values()].map(async ({ promise }) => (await promise).models.reload()));
    modelsChanged.fire();
  }

  // With several folders, views show the one that is in use.
  shown = folderOf();
  const followFolder = () => {
    const folder = folderOf();
    if (folder?.uri.toString() === shown?.uri.toString()) return;
    shown = folder;
    modelsChanged.fire();
    runsChanged.fire();
  };

  const watcher = vscode.workspace.createFileSystemWatcher('**/llmops/{connections,prices}.yaml');
  const subscriptions = [
    modelsChanged,
    runsChanged,
    watcher,
    watcher.onDidChange(reload),
    watcher.onDidCreate(reload),
    watcher.onDidDelete(reload),
    vscode.workspace.onDidGrantWorkspaceTrust(reload),
    vscode.window.onDidChangeActiveTextEditor(followFolder),
    vscode.workspace.onDidChangeWorkspaceFolders(followFolder),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('llmops.runs.linkedFolders')) runsChanged.fire();
      if (event.affectsConfiguration('llmops') || event.affectsConfiguration('http')) void reload();
    }),
    context.secrets.onDidChange(() => modelsChanged.fire()),
  ];

  return {
    viewState: context.workspaceState,
    folderOf,
    folderLabel: () => ((vscode.workspace.workspaceFolders?.length ?? 0) > 1 ? folderOf()?.name : undefined),
    for(uri) {
      const folder = folderOf(uri);
      const key = folder?.uri.toString() ?? '';
      let entry = made.get(key);
      if (!entry) {
        const promise = make(folder);
        entry = { promise };
        made.set(key, entry);
        const mine = entry;
        promise.then(
          (workbench) => {
            mine.workbench = workbench;
          },
          () => made.delete(key),
        );
      }
      return entry.promise;
    },
    hasHistory: (uri) => {
      const folder = folderOf(uri);
      // Without a folder, the history is in memory from the first use of core.
      if (!folder) return Promise.resolve(made.has(''));
      // if the folder is not writable, the runs of this window are in memory
      if (made.get(folder.uri.toString())?.workbench?.store.isOpen()) return Promise.resolve(true);
      return files.exists(path.join(folder.uri.fsPath, '.llmops', 'llmops.db'));
    },
    onModelsChanged: modelsChanged.event,
    onRunsChanged: runsChanged.event,
    modelsChanged: () => modelsChanged.fire(),
    reloadModels: reload,
    runsChanged: () => runsChanged.fire(),
    dispose() {
      for (const subscription of subscriptions) subscription.dispose();
      for (const { workbench } of made.values()) void workbench?.dispose();
    },
  };
}
