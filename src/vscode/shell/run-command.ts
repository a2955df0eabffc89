import * as vscode from 'vscode';
import { isAbortError, UserError } from '../../core/base/errors.ts';
import { lazy } from '../../core/base/lazy.ts';
import { type CommandGroup, type CommandId, type CommandOf, commandsOf } from '../host/contributions.ts';
import { plainMessage } from '../host/plain-text.ts';

export interface ErrorLog {
  error(message: string, error?: unknown): void;
  show(): void;
}

/** Shows an error: nothing for an abort, the message of a UserError, and a link to the log for anything else. */
export async function showError(error: unknown, log: ErrorLog): Promise<void> {
  if (isAbortError(error) || error instanceof vscode.CancellationError) return;
  if (!(error instanceof UserError)) {
    log.error('Unexpected error', error);
    const choice = await vscode.window.showErrorMessage('LLMOps Workbench: an unexpected error occurred.', 'Show Log');
    if (choice) log.show();
    return;
  }
  const text = plainMessage(error.hint ? `${error.message} ${error.hint}` : error.message);
  const { action } = error;
  const choice = await vscode.window.showErrorMessage(text, ...(action ? [action.title] : []));
  if (choice && action) await vscode.commands.executeCommand(action.command, ...(action.args ?? []));
}

type CommandHandler = (...args: unknown[]) => unknown;

/** Registers the commands of one module, which is loaded when one of them is first used. */
export function registerLazyCommands<Group extends CommandGroup>(
  group: Group,
  log: ErrorLog,
  load: () => Promise<Record<CommandOf<Group>, CommandHandler>>,
): vscode.Disposable {
  const handlers = lazy(load);
  return vscode.Disposable.from(
    ...commandsOf(group).map((id) => registerCommand(id, log, async (...args) => (await handlers())[id](...args))),
  );
}

/** Registers a command. Errors of its handler are shown, never swallowed and never thrown to VS Code. */
export function registerCommand(id: CommandId, log: ErrorLog, handler: CommandHandler): vscode.Disposable {
  return vscode.commands.registerCommand(id, async (...args: unknown[]) => {
    try {
      return await handler(...args);
    } catch (error) {
      void showError(error, log);
      return undefined;
    }
  });
}
