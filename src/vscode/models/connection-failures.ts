import * as vscode from 'vscode';
import { isAbortError, UserError } from '../../core/base/errors.ts';
import type { Connection } from '../../core/models/connection.ts';
import type { ChannelLog } from '../host/log.ts';
import { plainMessage } from '../host/plain-text.ts';
import { showError } from '../shell/run-command.ts';

interface Step {
  title: string;
  run(): unknown;
}

interface FailedConnection {
  connection: Connection;
  log: ChannelLog;
  retry(): Promise<void>;
}

/** Shows why a connection failed, with actions. The row keeps a short form after the notification is closed. */
export async function showConnectionFailure(error: unknown, failed: FailedConnection): Promise<void> {
  const isOwn = error instanceof UserError;
  if (!isOwn || isAbortError(error)) return showError(error, failed.log);
  const text = error.hint ? `${error.message} ${error.hint}` : error.message;
  failed.log.warn(text);
  const steps = stepsFor(error, failed);
  const choice = await vscode.window.showErrorMessage(plainMessage(text), ...steps.map(({ title }) => title));
  await steps.find(({ title }) => title === choice)?.run();
}

function stepsFor({ code, action }: UserError, { connection, log, retry }: FailedConnection): Step[] {
  const own = action && {
    title: action.title,
    run: () => vscode.commands.executeCommand(action.command, ...(action.args ?? [])),
  };
  const showLog = { title: 'Show Log', run: () => log.show() };
  if (code === 'auth' || code === 'missing-key' || code === 'key-origin') return own ? [own, showLog] : [showLog];
  const edit = { title: 'Edit Connection', run: () => editConnection(connection) };
  return [{ title: 'Retry', run: retry }, own ?? edit, showLog];
}

/**
 * Opens the declaration: the user settings, or else the file of the workspace, which can also override a built-in
 * connection.
 */
function editConnection({ source }: Connection): Thenable<unknown> {
  return source === 'settings'
    ? vscode.commands.executeCommand('workbench.action.openSettings', 'llmops.connections')
    : vscode.commands.executeCommand('llmops.connection.openFile');
}
