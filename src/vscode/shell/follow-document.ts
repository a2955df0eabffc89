import path from 'node:path';
import * as vscode from 'vscode';
import { Debounce } from '../../core/base/debounce.ts';
import type { Log } from '../../core/base/ports.ts';
import type { PromptSource } from '../../panels/session/panel-prompt.ts';

/** Text changes are parsed once typing has paused for this long. */
const EDIT_PAUSE_MS = 150;

export function sourceOf(document: vscode.TextDocument): PromptSource {
  return {
    path: document.uri.fsPath,
    label: vscode.workspace.asRelativePath(document.uri),
    dirty: document.isDirty,
    text: document.getText(),
  };
}

/** A panel shows and runs the text in the editor, so it follows each edit, save and revert. */
export function followDocument(
  uri: vscode.Uri,
  session: { setSource(source: PromptSource): Promise<void> },
  log: Log,
): vscode.Disposable {
  const debounce = new Debounce((error) => log.error('Could not refresh the prompt', error));
  const changed = (document: vscode.TextDocument) => {
    if (document.uri.toString() !== uri.toString()) return;
    debounce.schedule(() => session.setSource(sourceOf(document)), EDIT_PAUSE_MS);
  };
  return vscode.Disposable.from(
    debounce,
    vscode.workspace.onDidChangeTextDocument(({ document }) => changed(document)),
    vscode.workspace.onDidSaveTextDocument(changed),
  );
}

/** A saved partial may be included by this prompt, whatever its folder. */
export function followPartials(uri: vscode.Uri, session: { refresh(): Promise<void> }, log: Log): vscode.Disposable {
  return vscode.workspace.onDidSaveTextDocument((document) => {
    const partial = path.basename(document.uri.path).startsWith('_') && document.uri.path.endsWith('.prompt');
    if (partial && document.uri.toString() !== uri.toString())
      session.refresh().catch((error) => log.error('Could not refresh the prompt', error));
  });
}

/** The document of a restored panel. VS Code also restores the text of an untitled editor. */
export function promptUri(promptPath: string): vscode.Uri {
  return path.isAbsolute(promptPath)
    ? vscode.Uri.file(promptPath)
    : vscode.Uri.from({ scheme: 'untitled', path: promptPath });
}
