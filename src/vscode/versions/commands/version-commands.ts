import * as vscode from 'vscode';
import type { CommandId } from '../../host/contributions.ts';
import { ROW_CLICK } from '../../prompts/prompts-node.ts';
import type { PromptsView } from '../../prompts/prompts-view.ts';
import { rowArguments } from '../../shell/rows/row-arguments.ts';
import { registerCommand } from '../../shell/run-command.ts';
import type { RowClick, RowContext, VersionCommandDeps } from './version-targets.ts';

type Run = (deps: VersionCommandDeps, target: unknown, more: RowContext) => Promise<void>;

/** Each command with its module, which is loaded on first use. */
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
  'llmops.versions.settle': async () => (await import('./sync-versions.ts')).resolveLabelConflicts,
};

/** Commands for the whole view. The ⋯ menu passes the focused row, which they ignore. */
const WITHOUT_ROWS = new Set<CommandId>([
  'llmops.version.branchChanges',
  'llmops.versions.push',
  'llmops.versions.fetch',
  'llmops.versions.settle',
]);

export function registerVersionCommands(deps: VersionCommandDeps & { view: PromptsView }): vscode.Disposable {
  const registered = (Object.keys(COMMANDS) as CommandId[]).map((id) =>
    registerCommand(id, deps.log, async (...args: unknown[]) => {
      const { target, selected } = rowArguments(WITHOUT_ROWS.has(id) ? [] : args, deps.view.selected());
      const run = await COMMANDS[id]?.();
      await run?.(deps, target, { selected, click: args[1] === ROW_CLICK ? clickOn(deps.view) : undefined });
    }),
  );
  return vscode.Disposable.from(...registered);
}

/** A click may also be the start of a selection, which should not open an editor for each row. */
function clickOn(view: PromptsView): RowClick {
  return { isWanted: () => view.selected().length < 2 };
}

/** Handles links by `copyLink`. They only open the version that they name. */
export function registerVersionLinks(): vscode.Disposable {
  return vscode.window.registerUriHandler({
    handleUri(uri) {
      if (uri.path === '/version')
        void vscode.commands.executeCommand('llmops.version.open', decodeURIComponent(uri.query));
    },
  });
}
