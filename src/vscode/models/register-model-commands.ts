import * as vscode from 'vscode';
import { registerLazyCommands } from '../shell/run-command.ts';
import type { ConnectionCommandDeps } from './connection-commands.ts';
import type { UpdatePricesDeps } from './update-prices.ts';

const CONNECTION_COMMANDS = [
  'llmops.connection.setKey',
  'llmops.connection.removeKey',
  'llmops.connection.allowOrigin',
  'llmops.connection.test',
  'llmops.connection.refresh',
  'llmops.connection.add',
  'llmops.connection.openFile',
  'llmops.models.refresh',
] as const;

export function registerModelCommands(deps: ConnectionCommandDeps & UpdatePricesDeps): vscode.Disposable {
  const { log } = deps;
  return vscode.Disposable.from(
    registerLazyCommands(CONNECTION_COMMANDS, log, async () =>
      (await import('./connection-commands.ts')).createConnectionCommands(deps),
    ),
    registerLazyCommands(['llmops.model.setDefault', 'llmops.model.copyId'], log, async () =>
      (await import('./model-commands.ts')).createModelCommands(deps),
    ),
    registerLazyCommands(['llmops.prices.update'], log, async () => {
      const { updatePrices } = await import('./update-prices.ts');
      return { 'llmops.prices.update': () => updatePrices(deps) };
    }),
  );
}
