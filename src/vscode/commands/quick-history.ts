import * as vscode from 'vscode';
import { plainLabel } from '../adapters/plain-text.ts';
import { versionUri } from '../adapters/version-documents.ts';
import { type VersionItem, versionItems } from './pick-version.ts';
import {
  findVersionTarget,
  placeOf,
  shortName,
  type VersionCommandDeps,
  type VersionTarget,
} from './version-targets.ts';

interface Action {
  button: vscode.QuickInputButton;
  command: string;
}

const ACTIONS: readonly Action[] = [
  {
    button: { iconPath: new vscode.ThemeIcon('diff'), tooltip: 'Compare with Previous' },
    command: 'llmops.version.comparePrevious',
  },
  {
    button: { iconPath: new vscode.ThemeIcon('split-horizontal'), tooltip: 'Compare Side by Side' },
    command: 'llmops.version.compareAnswers',
  },
  { button: { iconPath: new vscode.ThemeIcon('tag'), tooltip: 'Set Label' }, command: 'llmops.label.set' },
  { button: { iconPath: new vscode.ThemeIcon('discard'), tooltip: 'Restore' }, command: 'llmops.version.restore' },
];

type Pick = vscode.QuickPick<VersionItem>;

/** The versions of the prompt in the editor; Enter opens one, the buttons of a row compare, label and restore it. */
export async function showQuickHistory(deps: VersionCommandDeps, argument: unknown): Promise<void> {
  const target = await findVersionTarget(deps, argument, 'Version History');
  if (!target) return;
  const pick = vscode.window.createQuickPick<VersionItem>();
  pick.title = `Versions of ${plainLabel(shortName(target.file))}`;
  pick.placeholder = 'Enter opens a version; its buttons compare, label and restore it';
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.busy = true;
  pick.show();
  pick.onDidHide(() => pick.dispose());
  pick.onDidAccept(
    () => void accept(pick, target).catch((error) => deps.log.error('A version could not be opened', error)),
  );
  pick.onDidTriggerItemButton(({ item, button }) => {
    const action = ACTIONS.find((one) => one.button === button);
    if (!action || !item.version) return;
    pick.hide();
    void vscode.commands.executeCommand(action.command, versionUri(placeOf(target.repository, item.version)));
  });
  try {
    pick.items = withButtons(await versionItems(target));
    if (pick.items.length === 0) pick.placeholder = 'No version of this prompt is in git yet';
  } catch (error) {
    pick.hide();
    throw error;
  }
  pick.busy = false;
}

async function accept(pick: Pick, target: VersionTarget): Promise<void> {
  const [item] = pick.activeItems;
  if (item?.version) {
    pick.hide();
    await vscode.commands.executeCommand('llmops.version.open', versionUri(placeOf(target.repository, item.version)));
  } else if (item?.cursor !== undefined) {
    pick.busy = true;
    const next = withButtons(await versionItems(target, { cursor: item.cursor }));
    pick.items = [...pick.items.filter(({ version }) => version !== undefined), ...next];
    pick.busy = false;
  }
}

function withButtons(items: readonly VersionItem[]): VersionItem[] {
  return items.map((item) => (item.version ? { ...item, buttons: ACTIONS.map(({ button }) => button) } : item));
}
