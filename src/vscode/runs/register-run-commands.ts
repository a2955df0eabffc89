import type * as vscode from 'vscode';
import { registerLazyCommands } from '../shell/run-command.ts';
import type { RunHistoryDeps } from './run-history-commands.ts';

const RUN_COMMANDS = [
  'llmops.run.open',
  'llmops.run.copyAnswer',
  'llmops.run.delete',
  'llmops.runs.filter',
  'llmops.runs.search',
  'llmops.runs.clearFilter',
  'llmops.runs.refresh',
  'llmops.runs.purge',
] as const;

export function registerRunCommands(deps: RunHistoryDeps): vscode.Disposable {
  return registerLazyCommands(RUN_COMMANDS, deps.log, async () =>
    (await import('./run-history-commands.ts')).createRunCommands(deps),
  );
}
