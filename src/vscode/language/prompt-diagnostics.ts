import * as vscode from 'vscode';
import type { Log } from '../../core/base/ports.ts';
import type { Severity } from '../../core/prompts/prompt.ts';
import { LANGUAGE_ID } from '../contributions.ts';

const PAUSE_MS = 200;

const SEVERITIES: Record<Severity, vscode.DiagnosticSeverity> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
  hint: vscode.DiagnosticSeverity.Hint,
};

/** Diagnostics of open prompts, a moment after the last keystroke. They need no trust: nothing is run or read. */
export function registerPromptDiagnostics({ log }: { log: Log }): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection('llmops');
  const timers = new Map<string, NodeJS.Timeout>();

  const check = (document: vscode.TextDocument, pauseMs: number) => {
    if (document.languageId !== LANGUAGE_ID) return;
    const key = document.uri.toString();
    clearTimeout(timers.get(key));
    timers.set(
      key,
      setTimeout(() => {
        timers.delete(key);
        diagnose(document).then(
          (diagnostics) => !document.isClosed && collection.set(document.uri, diagnostics),
          (error) => log.error('A prompt could not be checked', error),
        );
      }, pauseMs),
    );
  };

  for (const document of vscode.workspace.textDocuments) check(document, 0);
  return vscode.Disposable.from(
    collection,
    vscode.workspace.onDidOpenTextDocument((document) => check(document, 0)),
    vscode.workspace.onDidChangeTextDocument(({ document }) => check(document, PAUSE_MS)),
    vscode.workspace.onDidCloseTextDocument((document) => {
      clearTimeout(timers.get(document.uri.toString()));
      collection.delete(document.uri);
    }),
    {
      dispose() {
        for (const timer of timers.values()) clearTimeout(timer);
      },
    },
  );
}

async function diagnose(document: vscode.TextDocument): Promise<vscode.Diagnostic[]> {
  const { parsePrompt } = await import('../../core/prompts/parse.ts');
  const { diagnostics } = parsePrompt(document.getText(), { path: document.uri.fsPath });
  return diagnostics.map(({ code, severity, message, range }) => {
    const at = new vscode.Range(document.positionAt(range.start), document.positionAt(range.end));
    const diagnostic = new vscode.Diagnostic(at, message, SEVERITIES[severity]);
    diagnostic.code = code;
    diagnostic.source = 'LLMOps';
    return diagnostic;
  });
}
