import path from 'node:path';
import * as vscode from 'vscode';

/** Adds `llmops` to the PATH of the editor's terminals. It runs on the editor's own Node. */
export function addCliToTerminals({
  environmentVariableCollection: variables,
  extensionUri,
}: vscode.ExtensionContext): void {
  const bin = vscode.Uri.joinPath(extensionUri, 'media', 'bin').fsPath;
  variables.description = 'Adds the `llmops` command to the PATH.';
  variables.prepend('PATH', `${bin}${path.delimiter}`);
  variables.replace('LLMOPS_NODE', process.execPath);
}
