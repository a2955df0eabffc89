import * as vscode from 'vscode';

export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('LLMOps', { log: true });
  context.subscriptions.push(log);
  log.info(`LLMOps Workbench ${context.extension.packageJSON.version} is active`);
}
