import * as vscode from 'vscode';
import type { PromptVersion } from '../../../core/versions/history/prompt-version.ts';
import { versionName } from '../../../core/versions/results/result-figures.ts';
import { ageOf } from '../../../shared/age.ts';
import { plainLabel } from '../../host/plain-text.ts';
import { describeResults, whatChanged } from '../../prompts/describe-version.ts';
import type { VersionTarget } from './version-targets.ts';

const PAGE = 50;

interface VersionItem extends vscode.QuickPickItem {
  version?: PromptVersion;
  cursor?: string;
}

/** One page of a history as items of a quick pick. The last item loads the next page. */
export async function versionItems(
  { versions, file }: VersionTarget,
  { cursor, without }: { cursor?: string | undefined; without?: string | undefined } = {},
): Promise<VersionItem[]> {
  const page = await versions.history.list(file, { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
  const results = await versions.results.read(page.versions.map(({ contentHash }) => contentHash));
  const items = page.versions.map((version, index): VersionItem => {
    const before = page.versions[index + 1];
    const row = {
      version,
      results: results.get(version.contentHash),
      before: before && { name: versionName(before), results: results.get(before.contentHash) },
      isFirst: !before && page.next === undefined,
    };
    const age = ageOf(version.authoredAt, Date.now());
    return {
      label: `${iconOf(version)} ${versionName(version)}`,
      description: plainLabel([...version.labels.map((label) => `[${label}]`), version.subject].join(' ')),
      detail: plainLabel(
        [version.author.name, age, version.shortCommit, whatChanged(version, row.isFirst), describeResults(row)]
          .filter(Boolean)
          .join(' · '),
      ),
      version,
    };
  });
  const shown = items.filter(({ version }) => version?.commit !== without);
  return page.next === undefined
    ? shown
    : [...shown, { label: '$(ellipsis) Show More…', cursor: page.next, alwaysShow: true }];
}

function iconOf({ labels, savedAs }: PromptVersion): string {
  if (labels.length > 0) return '$(tag)';
  return savedAs.length > 0 ? '$(bookmark)' : '$(git-commit)';
}

interface PickOptions {
  title: string;
  placeHolder: string;
  /** A commit to leave out. */
  without?: string | undefined;
}

/** Asks for a version of the prompt. Undefined if the user cancelled. */
export function pickVersion(target: VersionTarget, options: PickOptions): Promise<PromptVersion | undefined> {
  return new Promise((resolve, reject) => {
    openVersionPick(target, { ...options, onPicked: resolve, onHidden: () => resolve(undefined), onFailed: reject });
  });
}

interface VersionPickOptions extends PickOptions {
  /** The buttons of each item. */
  buttons?: readonly vscode.QuickInputButton[];
  onPicked(version: PromptVersion): void;
  onFailed(error: unknown): void;
  /** Called after `onPicked` too. */
  onHidden?(): void;
}

/** A quick pick of versions that loads more items in place, so that the typed text and the selected item are kept. */
export function openVersionPick(target: VersionTarget, options: VersionPickOptions): vscode.QuickPick<VersionItem> {
  const { title, placeHolder, without, buttons } = options;
  const pick = vscode.window.createQuickPick<VersionItem>();
  Object.assign(pick, { title, placeholder: placeHolder, matchOnDescription: true, matchOnDetail: true });
  const grow = async (cursor?: string) => {
    pick.busy = true;
    try {
      const next = await versionItems(target, { cursor, without });
      const known = pick.items.filter(({ version }) => version !== undefined);
      pick.items = [...known, ...next.map((item) => (item.version && buttons ? { ...item, buttons } : item))];
      const [first] = pick.items.slice(known.length);
      if (known.length > 0 && first) pick.activeItems = [first];
      if (pick.items.length === 0) pick.placeholder = 'This prompt has no versions in git yet';
    } catch (error) {
      options.onFailed(error);
      pick.hide();
    }
    pick.busy = false;
  };
  pick.onDidAccept(() => {
    const [item] = pick.activeItems;
    if (item?.cursor !== undefined) return void grow(item.cursor);
    if (!item?.version) return;
    options.onPicked(item.version);
    pick.hide();
  });
  pick.onDidHide(() => {
    options.onHidden?.();
    pick.dispose();
  });
  pick.show();
  void grow();
  return pick;
}

/** The previous version in the history, however far back. Undefined for the first version. */
export async function findPrevious(
  { versions, file }: VersionTarget,
  commit: string,
): Promise<PromptVersion | undefined> {
  for (const scope of ['branch', 'all'] as const) {
    let cursor: string | undefined;
    let found = false;
    do {
      const page = await versions.history.list(file, {
        limit: PAGE,
        scope,
        ...(cursor === undefined ? {} : { cursor }),
      });
      for (const version of page.versions) {
        if (found) return version;
        found = version.commit === commit;
      }
      cursor = page.next;
    } while (cursor !== undefined);
    if (found) return undefined;
  }
  return undefined;
}
