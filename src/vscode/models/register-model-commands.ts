import * as vscode from 'vscode';
import { registerCommand, registerLazyCommands } from '../shell/run-command.ts';
import type { ConnectionCommandDeps } from './connection-commands.ts';
import type { UpdatePricesDeps } from './update-prices.ts';

export function registerModelCommands(deps: ConnectionCommandDeps & UpdatePricesDeps): vscode.Disposable {
  const { log } = deps;
  return vscode.Disposable.from(
    registerLazyCommands('connections', log, async () =>
      (await import('./connection-commands.ts')).createConnectionCommands(deps),
    ),
    registerLazyCommands('models', log, async () => (await import('./model-commands.ts')).createModelCommands(deps)),
    registerCommand('llmops.prices.update', log, async () => (await import('./update-prices.ts')).updatePrices(deps)),
  );
}
