import * as vscode from 'vscode';
import { Debounce } from '../../../core/base/debounce.ts';
import { LANGUAGE_ID } from '../../host/contributions.ts';
import { afterLenses } from '../../host/lenses-first.ts';
import type { ChannelLog } from '../../host/log.ts';
import { registerCommand } from '../../shell/run-command.ts';
import { VERSION_SCHEME } from '../../versions/documents/version-documents.ts';
import { type CheckAll, type CheckedAll, checkAll } from './check-all.ts';
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
  /** Checks evaluations and configuration files that are not open. */
  checkOthers: CheckAll['checkOthers'];
}

/**
 * Diagnostics of open prompts, shortly after the last keystroke, and of all prompts on command. They do not need trust.
 */
export class PromptDiagnostics implements vscode.Disposable {
  readonly #deps: Deps;
  readonly #collection = vscode.languages.createDiagnosticCollection('llmops');
  readonly #debounce: Debounce;
  /** The duration of the last check of each document, in milliseconds. */
  readonly #costs = new WeakMap<vscode.TextDocument, number>();
  /** Files that "Check All Prompts" has checked. Their diagnostics are kept current even if they are not open. */
  readonly #checked = new Set<string>();
  readonly #subscriptions: vscode.Disposable;

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#debounce = new Debounce((error) => deps.log.error('Could not check a prompt', error));
    this.#checkOpen();
    this.#subscriptions = vscode.Disposable.from(
      this.#collection,
      this.#debounce,
      vscode.workspace.onDidOpenTextDocument((document) => this.#check(document)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        this.#check(document, pauseAfter(this.#costs.get(document)));
      }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#onClose(uri)),
      deps.workspace.onDidChange((paths) => this.#onFiles(paths)),
      deps.typing.onDidSettle((document) => !document.isClosed && this.#check(document)),
      onDidChangeDeferral(() => this.#onFiles()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('llmops.diagnostics')) this.#onFiles();
      }),
      registerCommand('llmops.prompts.check', deps.log, (signal) => this.#checkAll(signal)),
    );
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #check(document: vscode.TextDocument, pauseMs = 0): void {
    // an old version is read-only, so it cannot be fixed
    if (document.languageId !== LANGUAGE_ID || document.uri.scheme === VERSION_SCHEME) return;
    const run = async () => {
      await afterLenses();
      const version = document.version;
      const began = performance.now();
      const diagnostics = await diagnose(document, this.#deps, this.#deps.typing);
      this.#costs.set(document, performance.now() - began);
      if (!document.isClosed && document.version === version) this.#collection.set(document.uri, diagnostics);
    };
    this.#debounce.schedule(run, pauseMs, document.uri.toString());
  }

  #checkOpen(only?: ReadonlySet<string>): void {
    for (const document of vscode.workspace.textDocuments) {
      if (!only || only.has(document.uri.fsPath)) this.#check(document);
    }
  }

  async #checkClosed(paths: Iterable<string>): Promise<void> {
    const open = new Set(vscode.workspace.textDocuments.map(({ uri }) => uri.fsPath));
    for (const path of paths) {
      if (!open.has(path)) this.#collection.set(vscode.Uri.file(path), await diagnoseFile(path, this.#deps));
    }
  }

  #checkAll(signal: unknown): Promise<CheckedAll> {
    return checkAll({
      workspace: this.#deps.workspace,
      signal: signal instanceof AbortSignal ? signal : undefined,
      checkOthers: this.#deps.checkOthers,
      check: async (paths) => {
        for (const path of paths) this.#checked.add(path);
        await Promise.all(paths.map((path) => this.#report(path)));
        return paths.flatMap((path) => this.#collection.get(vscode.Uri.file(path)) ?? []);
      },
    });
  }

  /** Checks the text in the editor if the file is open. */
  async #report(path: string): Promise<void> {
    const document = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'file' && uri.fsPath === path);
    const found = document ? await diagnose(document, this.#deps) : await diagnoseFile(path, this.#deps);
    this.#collection.set(vscode.Uri.file(path), found);
  }

  /** Without paths, any file may have changed. */
  #onFiles(paths?: readonly string[]): void {
    this.#checkOpen(paths && new Set(paths));
    const stale = paths ? paths.filter((path) => this.#checked.has(path)) : [...this.#checked];
    void this.#checkClosed(stale).catch((error) => this.#deps.log.error('Could not check prompts', error));
  }

  #onClose(uri: vscode.Uri): void {
    this.#debounce.cancel(uri.toString());
    if (this.#checked.has(uri.fsPath)) void this.#checkClosed([uri.fsPath]);
    else this.#collection.delete(uri);
  }
}

function pauseAfter(costMs = 0): number {
  return costMs <= CHEAP_MS ? 0 : Math.min(costMs, MAX_PAUSE_MS);
}
