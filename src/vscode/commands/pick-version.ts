import * as vscode from 'vscode';
import type { PromptVersion } from '../../core/versions/versions.ts';
import { plainLabel } from '../adapters/plain-text.ts';
import { ageOf, resultFacts, versionName, whatChanged } from '../views/version-texts.ts';
import type { VersionTarget } from './version-targets.ts';

const PAGE = 50;

export interface VersionItem extends vscode.QuickPickItem {
  version?: PromptVersion;
  cursor?: string;
}

/** One page of a history as rows of a quick pick; the last row asks for the next page. */
export async function versionItems(
  { versions, file }: VersionTarget,
  { cursor, without }: { cursor?: string | undefined; without?: string | undefined } = {},
): Promise<VersionItem[]> {
  const page = await versions.history(file, { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
  const results = await versions.results(page.versions.map(({ contentHash }) => contentHash));
  const items = page.versions.map((version, index): VersionItem => {
    const before = page.versions[index + 1];
    const row = {
      version,
      results: results.get(version.contentHash),
      before: before && { name: versionName(before), results: results.get(before.contentHash) },
    };
    const age = ageOf(version.authoredAt, Date.now());
    return {
      label: `${iconOf(version)} ${versionName(version)}`,
      description: plainLabel([...version.labels.map((label) => `[${label}]`), version.subject].join(' ')),
      detail: plainLabel(
        [version.author.name, age, version.shortCommit, whatChanged(version, !before), resultFacts(row)]
          .filter(Boolean)
          .join(' · '),
      ),
      version,
    };
  });
  const shown = items.filter(({ version }) => version?.commit !== without);
  return page.next === undefined ? shown : [...shown, { label: '$(ellipsis) Show more…', cursor: page.next }];
}

function iconOf({ labels, savedAs }: PromptVersion): string {
  if (labels.length > 0) return '$(tag)';
  return savedAs.length > 0 ? '$(bookmark)' : '$(git-commit)';
}

export interface PickOptions {
  title: string;
  placeHolder: string;
  /** A commit that is not offered. */
  without?: string | undefined;
}

/** Asks for a version of the prompt; undefined where none was picked. */
export async function pickVersion(target: VersionTarget, options: PickOptions): Promise<PromptVersion | undefined> {
  let items = await versionItems(target, { without: options.without });
  for (;;) {
    const picked: VersionItem | undefined = await vscode.window.showQuickPick(items, {
      title: options.title,
      placeHolder: items.length > 0 ? options.placeHolder : 'No version of this prompt is in git yet',
      matchOnDescription: true,
      matchOnDetail: true,
    });
    if (picked?.cursor === undefined) return picked?.version;
    const next = await versionItems(target, { cursor: picked.cursor, without: options.without });
    items = [...items.filter(({ version }) => version !== undefined), ...next];
  }
}

/** The version after which this one came in the history, however far back; undefined for the first. */
export async function findPrevious(
  { versions, file }: VersionTarget,
  commit: string,
): Promise<PromptVersion | undefined> {
  for (const scope of ['branch', 'all'] as const) {
    let cursor: string | undefined;
    let found = false;
    do {
      const page = await versions.history(file, { limit: PAGE, scope, ...(cursor === undefined ? {} : { cursor }) });
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
