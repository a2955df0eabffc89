import * as vscode from 'vscode';
import type { PromptVersion } from '../../../core/versions/history/prompt-version.ts';
import { plainLabel } from '../../host/plain-text.ts';
import { showError } from '../../shell/run-command.ts';
import { versionUri } from '../documents/version-documents.ts';
import { openVersionPick } from './pick-version.ts';
import { findVersionTarget, placeOf, shortName, type VersionCommandDeps } from './version-targets.ts';

interface Action {
  button: vscode.QuickInputButton;
  command: string;
}

const ACTIONS: readonly Action[] = [
  {
    button: { iconPath: new vscode.ThemeIcon('diff'), tooltip: 'Compare with Previous Version' },
    command: 'llmops.version.comparePrevious',
  },
  {
    button: { iconPath: new vscode.ThemeIcon('split-horizontal'), tooltip: 'Compare Versions Side by Side' },
    command: 'llmops.version.compareAnswers',
  },
  { button: { iconPath: new vscode.ThemeIcon('tag'), tooltip: 'Set Label' }, command: 'llmops.label.set' },
  {
    button: { iconPath: new vscode.ThemeIcon('discard'), tooltip: 'Restore Version' },
    command: 'llmops.version.restore',
  },
];

/**
 * Shows the versions of the prompt in the editor. Enter opens one; the buttons of an item compare, label and restore
 * it.
 */
export async function showQuickHistory(deps: VersionCommandDeps, argument: unknown): Promise<void> {
  const target = await findVersionTarget(deps, argument, 'Show Versions of Prompt');
  if (!target) return;
  const run = (command: string, version: PromptVersion) =>
    vscode.commands.executeCommand(command, versionUri(placeOf(target.repository, version)));
  const pick = openVersionPick(target, {
    title: `Versions of ${plainLabel(shortName(target.file))}`,
    placeHolder: 'Select a version to open',
    buttons: ACTIONS.map(({ button }) => button),
    onPicked: (version) => void run('llmops.version.open', version),
    onFailed: (error) => void showError(error, deps.log),
  });
  pick.onDidTriggerItemButton(({ item, button }) => {
    const action = ACTIONS.find((one) => one.button === button);
    if (!action || !item.version) return;
    pick.hide();
    void run(action.command, item.version);
  });
}
