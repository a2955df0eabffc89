import { basename, posix, sep } from 'node:path';
import * as vscode from 'vscode';
import { FileRefusal } from '../../../core/base/files/read-file.ts';
import { describeEncoding } from '../../../core/base/files/text-encoding.ts';
import { lazy } from '../../../core/base/lazy.ts';
import { mapConcurrent } from '../../../core/base/map-concurrent.ts';
import type { Log } from '../../../core/base/ports.ts';
import type { LanguageModelInfo } from '../../../core/language/syntax/tree.ts';
import type { WorkspaceIndex } from '../../../core/language/workspace/workspace-index.ts';
import { LANGUAGE_ID } from '../../host/contributions.ts';
import { afterLenses } from '../../host/lenses-first.ts';
import type { Workbenches } from '../../host/workbenches.ts';
import { readWorkspaceBytes, requireInWorkspace } from '../../host/workspace-files.ts';
import { listLanguageModels, listUnreadyModels } from './list-language-models.ts';

/** The index of the workspace's prompts and schemas, created on first use and kept current by one watcher. */
export interface PromptWorkspace extends vscode.Disposable {
  /** Resolves when every file has been read. */
  index(): Promise<WorkspaceIndex>;
  /** Models that can be named but not used now, listed on the first request. */
  unreadyModels(): Promise<readonly LanguageModelInfo[]>;
  /** Paths whose diagnostics may have changed; `undefined` means all of them. */
  onDidChange: vscode.Event<readonly string[] | undefined>;
}

const SCHEMAS = ['yaml', 'yml', 'json'].map((extension) => `*.${extension}`);
const PATTERNS = ['**/*.prompt', ...SCHEMAS.map((pattern) => `**/schemas/${pattern}`)];
const FILES = `{${PATTERNS}}`;
/** Like `FILES`, for a folder that is itself called `schemas`. */
const FILES_OF_SCHEMAS = `{${[...PATTERNS, ...SCHEMAS]}}`;
const CONCURRENCY = 32;

export function createPromptWorkspace({ workbenches, log }: { workbenches: Workbenches; log: Log }): PromptWorkspace {
  const changed = new vscode.EventEmitter<readonly string[] | undefined>();
  const subscriptions: vscode.Disposable[] = [changed];

  const refreshModels = async (index: WorkspaceIndex) => {
    try {
      const { models, connections } = await listLanguageModels(await workbenches.for());
      index.setModels(models, connections);
      changed.fire(undefined);
    } catch (error) {
      log.error('Could not list the models for completion', error);
    }
  };

  const index = lazy(async (): Promise<WorkspaceIndex> => {
    await afterLenses();
    const { WorkspaceIndex } = await import('../../../core/language/workspace/workspace-index.ts');
    const index = new WorkspaceIndex(() => (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath));
    subscriptions.push(...watch(index, changed));
    const files = await vscode.workspace.findFiles(FILES, '**/node_modules/**');
    await mapConcurrent(files, CONCURRENCY, (uri) => readFile(index, uri));
    subscriptions.push(workbenches.onModelsChanged(() => void refreshModels(index)));
    void refreshModels(index);
    return index;
  });

  const unreadyModels = lazy(async () => listUnreadyModels(await workbenches.for()));
  subscriptions.push(workbenches.onModelsChanged(unreadyModels.reset));

  return {
    onDidChange: changed.event,
    async unreadyModels() {
      try {
        return await unreadyModels();
      } catch (error) {
        log.error('Could not list the models of connections without a key', error);
        return [];
      }
    },
    index,
    dispose() {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

type Changed = vscode.EventEmitter<readonly string[] | undefined>;

/** Follows files on disk with one watcher, and unsaved edits in editors. */
function watch(index: WorkspaceIndex, changed: Changed): vscode.Disposable[] {
  const watcher = vscode.workspace.createFileSystemWatcher(FILES);
  const read = async (uri: vscode.Uri) => changed.fire(await readFile(index, uri));
  // if a whole folder is added or removed, its files are not reported individually
  const folders = vscode.workspace.createFileSystemWatcher('**', false, true, false);
  return [
    folders,
    folders.onDidCreate(async (uri) => {
      changed.fire(namingDataset(index, uri));
      if (/\.\w+$|[\\/]node_modules(?:[\\/]|$)/.test(uri.path) || !(await isFolder(uri))) return;
      const patterns = posix.basename(uri.path) === 'schemas' ? FILES_OF_SCHEMAS : FILES;
      const files = await vscode.workspace.findFiles(new vscode.RelativePattern(uri, patterns));
      for (const file of files) changed.fire(await readFile(index, file));
    }),
    folders.onDidDelete((uri) => {
      changed.fire(namingDataset(index, uri));
      const gone = [...index.prompts(), ...index.refused(), ...index.schemaFiles()].filter(({ path }) =>
        path.startsWith(uri.fsPath + sep),
      );
      for (const { path } of gone) changed.fire(removeFile(index, vscode.Uri.file(path)));
    }),
    watcher,
    watcher.onDidChange(read),
    watcher.onDidCreate(read),
    watcher.onDidDelete((uri) => changed.fire(removeFile(index, uri))),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (document.languageId !== LANGUAGE_ID || document.uri.scheme !== 'file') return;
      if (index.refusal(document.uri.fsPath) !== undefined) return;
      const depend = index.setPrompt(document.uri.fsPath, document.getText()).slice(1);
      if (depend.length > 0) changed.fire(depend);
    }),
  ];
}

/** The prompts that may name a dataset that was added or removed. An open prompt may be newer than the index. */
function namingDataset(index: WorkspaceIndex, { fsPath }: vscode.Uri): string[] {
  const name = basename(fsPath);
  const open = vscode.workspace.textDocuments.filter(({ languageId }) => languageId === LANGUAGE_ID);
  const known = index.prompts().map(({ path, source }) => ({ path, source }));
  const all = [...known, ...open.map((document) => ({ path: document.uri.fsPath, source: document.getText() }))];
  const naming = all.filter(({ source }) => source.includes('llmops.dataset') && source.includes(name));
  return [...new Set(naming.map(({ path }) => path))];
}

async function isFolder(uri: vscode.Uri): Promise<boolean> {
  try {
    return (await vscode.workspace.fs.stat(uri)).type === vscode.FileType.Directory;
  } catch {
    return false;
  }
}

async function readFile(index: WorkspaceIndex, uri: vscode.Uri): Promise<string[]> {
  const open = vscode.workspace.textDocuments.find(
    (document) => document.isDirty && document.uri.toString() === uri.toString(),
  );
  try {
    if (open) await requireInWorkspace(uri);
    const { text, problem } = open ? { text: open.getText(), problem: undefined } : await readWorkspaceBytes(uri);
    if (problem) return index.refuse(uri.fsPath, describeEncoding(problem), { source: text, offset: problem.at });
    if (uri.path.endsWith('.prompt')) return index.setPrompt(uri.fsPath, text);
    return index.setSchema(uri.fsPath, text);
  } catch (error) {
    if (error instanceof FileRefusal) return index.refuse(uri.fsPath, `${error.message} ${error.hint}`);
    // the file was deleted after the event
    return removeFile(index, uri);
  }
}

/** The prompt itself is included, so that its diagnostics are removed. */
function removeFile(index: WorkspaceIndex, { path, fsPath }: vscode.Uri): string[] {
  return path.endsWith('.prompt') ? [fsPath, ...index.removePrompt(fsPath)] : index.setSchema(fsPath, undefined);
}
