import * as vscode from 'vscode';
import type { Diagnostic, Severity } from '../../core/prompts/prompt.ts';
import type { ChannelLog } from '../adapters/log.ts';
import { readSetting } from '../adapters/settings.ts';
import { VERSION_SCHEME } from '../adapters/version-documents.ts';
import { registerCommand } from '../commands/run-command.ts';
import { LANGUAGE_ID } from '../contributions.ts';
import { analyzedDocument } from './analyzed-documents.ts';
import type { PromptWorkspace } from './prompt-workspace.ts';
import { onDidChangeYielding, yieldsLanguage } from './yields-language.ts';

/** A check that took no longer is made at every key; after a longer one, a burst of keys is one check. */
const CHEAP_MS = 30;
const LONGEST_PAUSE_MS = 300;
/** How many files one turn of the event loop checks. */
const AT_ONCE = 20;

const SEVERITIES: Record<Severity, vscode.DiagnosticSeverity> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
  hint: vscode.DiagnosticSeverity.Hint,
};

interface Deps {
  log: ChannelLog;
  extensionUri: vscode.Uri;
  workspace: PromptWorkspace;
}

/** Diagnostics of open prompts, a moment after the last keystroke; of all prompts on command. Nothing needs trust. */
export function registerPromptDiagnostics(deps: Deps): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection('llmops');
  const timers = new Map<string, NodeJS.Timeout>();
  /** Milliseconds that the last check of a document took. */
  const costs = new WeakMap<vscode.TextDocument, number>();
  /** Files that "Check All Prompts" has looked at keep their diagnostics current when they are not open. */
  const checked = new Set<string>();

  const check = (document: vscode.TextDocument, pauseMs: number) => {
    // an old version is read-only: nobody could mend it
    if (document.languageId !== LANGUAGE_ID || document.uri.scheme === VERSION_SCHEME) return;
    const key = document.uri.toString();
    clearTimeout(timers.get(key));
    const run = async () => {
      timers.delete(key);
      const version = document.version;
      const began = performance.now();
      const diagnostics = await diagnose(document, deps);
      costs.set(document, performance.now() - began);
      if (!document.isClosed && document.version === version) collection.set(document.uri, diagnostics);
    };
    const start = () => void run().catch((error) => deps.log.error('A prompt could not be checked', error));
    timers.set(key, setTimeout(start, pauseMs));
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
  const onFiles = (paths: readonly string[] | undefined) => {
    checkOpen(paths && new Set(paths));
    const stale = paths ? paths.filter((path) => checked.has(path)) : [...checked];
    void checkClosed(stale).catch((error) => deps.log.error('Prompts could not be checked', error));
  };

  checkOpen();
  return vscode.Disposable.from(
    collection,
    vscode.workspace.onDidOpenTextDocument((document) => check(document, 0)),
    vscode.workspace.onDidChangeTextDocument(({ document }) => check(document, pauseAfter(costs.get(document)))),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      clearTimeout(timers.get(uri.toString()));
      if (checked.has(uri.fsPath)) void checkClosed([uri.fsPath]);
      else collection.delete(uri);
    }),
    deps.workspace.onDidChange(onFiles),
    onDidChangeYielding(() => onFiles(undefined)),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('llmops.diagnostics')) onFiles(undefined);
    }),
    registerCommand('llmops.prompts.check', deps.log, () =>
      checkAll(deps, checked, checkClosed).then(() => checkOpen()),
    ),
    {
      dispose() {
        for (const timer of timers.values()) clearTimeout(timer);
      },
    },
  );
}

function pauseAfter(costMs = 0): number {
  return costMs <= CHEAP_MS ? 0 : Math.min(costMs, LONGEST_PAUSE_MS);
}

/** Every prompt of the workspace, with progress; then the list of problems is shown. */
async function checkAll(deps: Deps, checked: Set<string>, check: (paths: string[]) => Promise<void>): Promise<void> {
  const location = vscode.ProgressLocation.Notification;
  await vscode.window.withProgress(
    { location, title: 'Checking all prompts', cancellable: true },
    async (progress, token) => {
      const paths = (await deps.workspace.index()).prompts().map(({ path }) => path);
      for (let at = 0; at < paths.length && !token.isCancellationRequested; at += AT_ONCE) {
        const part = paths.slice(at, at + AT_ONCE);
        for (const path of part) checked.add(path);
        await check(part);
        progress.report({
          increment: (100 * part.length) / paths.length,
          message: `${at + part.length} of ${paths.length}`,
        });
        await new Promise(setImmediate);
      }
    },
  );
  await vscode.commands.executeCommand('workbench.actions.view.problems');
}

async function diagnose(document: vscode.TextDocument, deps: Deps): Promise<vscode.Diagnostic[]> {
  if (yieldsLanguage()) return [];
  const [{ checkPrompt }, index, analyzed] = await Promise.all([
    import('../../core/prompts/language/check-prompt.ts'),
    deps.workspace.index(),
    analyzedDocument(document),
  ]);
  // what was typed while these were loaded is checked by the next turn
  const path = document.uri.scheme === 'file' ? document.uri.fsPath : undefined;
  const settings = { severity: readSetting('diagnostics.severity', document.uri) };
  const found = checkPrompt(analyzed.tree.source, { path, workspace: index, settings, analyzed });
  return Promise.all(found.map((problem) => toDiagnostic(problem, (offset) => document.positionAt(offset), deps)));
}

async function diagnoseFile(path: string, deps: Deps): Promise<vscode.Diagnostic[]> {
  const index = await deps.workspace.index();
  const source = index.prompts().find((prompt) => prompt.path === path)?.source;
  if (source === undefined || yieldsLanguage()) return [];
  const [{ checkPrompt }, { positionAt }] = await Promise.all([
    import('../../core/prompts/language/check-prompt.ts'),
    import('../../core/prompts/position.ts'),
  ]);
  const settings = { severity: readSetting('diagnostics.severity', vscode.Uri.file(path)) };
  const at = (offset: number) => {
    const { line, column } = positionAt(source, offset);
    return new vscode.Position(line - 1, column - 1);
  };
  const found = checkPrompt(source, { path, workspace: index, settings });
  return Promise.all(found.map((problem) => toDiagnostic(problem, at, deps)));
}

async function toDiagnostic(
  { code, severity, message, range }: Diagnostic,
  at: (offset: number) => vscode.Position,
  { extensionUri }: Deps,
): Promise<vscode.Diagnostic> {
  const { lineOfRule } = await import('../../core/prompts/language/diagnostic-rules.ts');
  const diagnostic = new vscode.Diagnostic(
    new vscode.Range(at(range.start), at(range.end)),
    message,
    SEVERITIES[severity],
  );
  const page = vscode.Uri.joinPath(extensionUri, 'media', 'docs', 'diagnostics.md');
  diagnostic.code = { value: code, target: page.with({ fragment: `L${lineOfRule(code)}` }) };
  diagnostic.source = 'LLMOps';
  // a schema's name stays in use, whichever of its fields do not
  if (code === 'unused-variable' && !/ of the schema /.test(message))
    diagnostic.tags = [vscode.DiagnosticTag.Unnecessary];
  return diagnostic;
}
