import * as vscode from 'vscode';
import { UserError } from '../../core/base/errors.ts';
import type { CommandId } from '../contributions.ts';
import { registerCommand } from './run-command.ts';
import type { VersionCommandDeps } from './version-targets.ts';

/** `selected` are all rows of a view that are selected beside the one that was clicked. */
type Run = (deps: VersionCommandDeps, target: unknown, selected?: unknown) => Promise<void>;

/** Each command with the file that has it: nothing of them is loaded before it is asked for. */
const COMMANDS: Partial<Record<CommandId, () => Promise<Run>>> = {
  'llmops.version.save': async () => (await import('./save-version.ts')).saveVersion,
  'llmops.version.history': async () => (await import('./quick-history.ts')).showQuickHistory,
  'llmops.version.open': async () => (await import('./open-versions.ts')).openVersion,
  'llmops.version.restore': async () => (await import('./open-versions.ts')).restoreVersion,
  'llmops.version.copyHash': async () => (await import('./open-versions.ts')).copyHash,
  'llmops.version.copyLink': async () => (await import('./open-versions.ts')).copyLink,
  'llmops.version.comparePrevious': async () => (await import('./compare-versions.ts')).comparePrevious,
  'llmops.version.compareLabel': async () => (await import('./compare-versions.ts')).compareLabel,
  'llmops.version.compareAny': async () => (await import('./compare-versions.ts')).compareAny,
  'llmops.version.compareAnswers': async () => (await import('./compare-answers.ts')).compareAnswers,
  'llmops.version.compareRendered': async () => (await import('./compare-rendered.ts')).compareRendered,
  'llmops.version.createRepository': async () => (await import('./repository-commands.ts')).createRepository,
  'llmops.version.branchChanges': async () => (await import('./repository-commands.ts')).showBranchChanges,
  'llmops.version.resolveConflict': async () => (await import('./repository-commands.ts')).resolveConflict,
  'llmops.label.set': async () => (await import('./label-commands.ts')).setLabel,
  'llmops.label.move': async () => (await import('./label-commands.ts')).moveLabel,
  'llmops.label.remove': async () => (await import('./label-commands.ts')).removeLabel,
  'llmops.label.history': async () => (await import('./label-commands.ts')).showLabelHistory,
  'llmops.versions.push': async () => (await import('./sync-versions.ts')).pushVersions,
  'llmops.versions.fetch': async () => (await import('./sync-versions.ts')).fetchVersions,
  'llmops.versions.settle': async () => (await import('./sync-versions.ts')).settleVersions,
};

export function registerVersionCommands(deps: VersionCommandDeps): vscode.Disposable {
  const registered = (Object.keys(COMMANDS) as CommandId[]).map((id) =>
    registerCommand(id, deps.log, async (...args: unknown[]) => {
      if (args.length > 0 && args[0] === undefined) throw lostRow();
      const run = await COMMANDS[id]?.();
      await run?.(deps, args[0], args[1]);
    }),
  );
  return vscode.Disposable.from(...registered);
}

/**
 * VS Code knows nothing of a row that was replaced while its menu was open. Without it a command would mean the prompt in
 * the editor, which may be another one.
 */
function lostRow(): UserError {
  return new UserError('The list was renewed while the menu was open, so nothing was done.', {
    code: 'usage',
    hint: 'Choose it once more.',
  });
}
