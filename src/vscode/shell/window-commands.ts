import * as vscode from 'vscode';
import { WALKTHROUGH } from '../host/contributions.ts';
import type { ChannelLog } from '../host/log.ts';
import { registerCommand } from './run-command.ts';

export function registerWindowCommands({
  extensionUri,
  log,
}: {
  extensionUri: vscode.Uri;
  log: ChannelLog;
}): vscode.Disposable {
  return vscode.Disposable.from(
    registerCommand('llmops.log.show', log, () => log.show()),
    registerCommand('llmops.walkthrough.open', log, () =>
      vscode.commands.executeCommand('workbench.action.openWalkthrough', WALKTHROUGH, false),
    ),
    registerCommand('llmops.docs.open', log, async (page) =>
      (await import('./open-documentation.ts')).openDocumentation(extensionUri, page),
    ),
  );
}
