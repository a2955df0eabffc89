import * as vscode from 'vscode';
import { Debounce } from '../../../core/base/debounce.ts';
import { LANGUAGE_ID } from '../../host/contributions.ts';
import { afterLenses } from '../../host/lenses-first.ts';
import type { ChannelLog } from '../../host/log.ts';
import { registerCommand } from '../../shell/run-command.ts';
import { VERSION_SCHEME } from '../../versions/documents/version-documents.ts';
import { checkAll } from './check-all.ts';
import { onDidChangeDeferral } from './defer-language.ts';
import { diagnose, diagnoseFile } from './diagnose.ts';
import type { PromptWorkspace } from './prompt-workspace.ts';
import type { TypingState } from './typing-state.ts';

/** If a check takes no longer than this, it runs on every key. Otherwise it runs once per burst of keys. */
const CHEAP_MS = 30;
const MAX_PAUSE_MS = 300;

interface Deps {
  log: ChannelLog;
  extensionUri: vscode.Uri;
  workspace: PromptWorkspace;
  typing: TypingState;
}

/**
 * Diagnostics of open prompts, shortly after the last keystroke, and of all prompts on command. They do not need trust.
 */
export function registerPromptDiagnostics(deps: Deps): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection('llmops');
  const debounce = new Debounce((error) => deps.log.error('Could not check a prompt', error));
  /** The duration of the last check of each document, in milliseconds. */
  const costs = new WeakMap<vscode.TextDocument, number>();
  /** Files that "Check All Prompts" has checked. Their diagnostics are kept current even if they are not open. */
  const checked = new Set<string>();

  const check = (document: vscode.TextDocument, pauseMs: number) => {
    // an old version is read-only, so it cannot be fixed
    if (document.languageId !== LANGUAGE_ID || document.uri.scheme === VERSION_SCHEME) return;
    const run = async () => {
      await afterLenses();
      const version = document.version;
      const began = performance.now();
      const diagnostics = await diagnose(document, deps, deps.typing);
      costs.set(document, performance.now() - began);
      if (!document.isClosed && document.version === version) collection.set(document.uri, diagnostics);
    };
    debounce.schedule(run, pauseMs, document.uri.toString());
  };

  const checkOpen = (only?: ReadonlySet<string>) => {
    for (const document of vscode.workspace.textDocuments) {
      if (!only || only.has(document.uri.fsPath)) check(document, 0);
    }
  };
  const checkClosed = async (paths: Iterable<string>) => {
    const open = new Set(vscode.workspace.textDocuments.map(({ uri }) => uri.fsPath));
    for (const path of paths)
      if (!open.has(path)) collection.set(vscode.Uri.file(path), await diagnoseFile(path, deps));
  };
  /** Checks the text in the editor if the file is open. */
  const report = async (path: string) => {
    const document = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'file' && uri.fsPath === path);
    const found = document ? await diagnose(document, deps) : await diagnoseFile(path, deps);
    collection.set(vscode.Uri.file(path), found);
  };
  const onFiles = (paths: readonly string[] | undefined) => {
    checkOpen(paths && new Set(paths));
    const stale = paths ? paths.filter((path) => checked.has(path)) : [...checked];
    void checkClosed(stale).catch((error) => deps.log.error('Could not check prompts', error));
  };

  checkOpen();
  return vscode.Disposable.from(
    collection,
    debounce,
    vscode.workspace.onDidOpenTextDocument((document) => check(document, 0)),
    vscode.workspace.onDidChangeTextDocument(({ document }) => check(document, pauseAfter(costs.get(document)))),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      debounce.cancel(uri.toString());
      if (checked.has(uri.fsPath)) void checkClosed([uri.fsPath]);
      else collection.delete(uri);
    }),
    deps.workspace.onDidChange(onFiles),
    deps.typing.onDidSettle((document) => !document.isClosed && check(document, 0)),
    onDidChangeDeferral(() => onFiles(undefined)),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('llmops.diagnostics')) onFiles(undefined);
    }),
    registerCommand('llmops.prompts.check', deps.log, (signal) =>
      checkAll({
        workspace: deps.workspace,
        signal: signal instanceof AbortSignal ? signal : undefined,
        async check(paths) {
          for (const path of paths) checked.add(path);
          await Promise.all(paths.map(report));
          return paths.flatMap((path) => collection.get(vscode.Uri.file(path)) ?? []);
        },
      }),
    ),
  );
}

function pauseAfter(costMs = 0): number {
  return costMs <= CHEAP_MS ? 0 : Math.min(costMs, MAX_PAUSE_MS);
}
