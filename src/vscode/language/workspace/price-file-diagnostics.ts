import * as vscode from 'vscode';
import type { Log } from '../../../core/base/ports.ts';
import { toDiagnostic } from './diagnose.ts';

const SELECTOR: vscode.DocumentFilter = { scheme: 'file', pattern: '**/llmops/prices.yaml' };
const PAUSE_MS = 200;

interface Deps {
  log: Log;
  extensionUri: vscode.Uri;
}

/** What is wrong in an open llmops/prices.yaml, a moment after the last keystroke. Nothing needs trust. */
export function registerPriceFileDiagnostics({ log, extensionUri }: Deps): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection('llmops-prices');
  const timers = new Map<string, NodeJS.Timeout>();

  const run = async (document: vscode.TextDocument) => {
    const { version } = document;
    const { parsePriceFile } = await import('../../../core/models/prices/price-file.ts');
    const { problems } = await parsePriceFile(document.getText(), document.uri.fsPath);
    const at = (offset: number) => document.positionAt(offset);
    const found = await Promise.all(
      problems.map(({ message, range = { start: 0, end: 0 } }) =>
        toDiagnostic({ code: 'price-file', severity: 'error', message, range }, at, { extensionUri }),
      ),
    );
    if (document.isClosed || document.version !== version) return;
    collection.set(document.uri, found);
  };
  const check = (document: vscode.TextDocument, pauseMs: number) => {
    if (vscode.languages.match(SELECTOR, document) === 0) return;
    const key = document.uri.toString();
    clearTimeout(timers.get(key));
    const start = () =>
      run(document).catch((error: unknown) => log.error('llmops/prices.yaml could not be checked', error));
    timers.set(key, setTimeout(start, pauseMs));
  };
  for (const document of vscode.workspace.textDocuments) check(document, 0);
  return vscode.Disposable.from(
    collection,
    vscode.workspace.onDidOpenTextDocument((document) => check(document, 0)),
    vscode.workspace.onDidChangeTextDocument(({ document }) => check(document, PAUSE_MS)),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      clearTimeout(timers.get(uri.toString()));
      timers.delete(uri.toString());
      collection.delete(uri);
    }),
    {
      dispose() {
        for (const timer of timers.values()) clearTimeout(timer);
      },
    },
  );
}
