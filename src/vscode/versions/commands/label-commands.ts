import * as vscode from 'vscode';
import { UserError } from '../../../core/base/errors.ts';
import type { Author } from '../../../core/versions/git/identity.ts';
import type { LabelMove } from '../../../core/versions/labels/label-history.ts';
import { plainLabel } from '../../host/plain-text.ts';
import { askReason, labelItems, nameCommits, pickLabel, requireLabels } from './ask-label.ts';
import { showVersion } from './open-versions.ts';
import { pickVersion } from './pick-version.ts';
import { askAuthor } from './save-version.ts';
import {
  findVersionTarget,
  placeOf,
  shortName,
  showNotice,
  type VersionCommandDeps,
  type VersionTarget,
} from './version-targets.ts';

/** Sets a label on a version. A label on another version is moved, and its history records the move. */
export async function setLabel(deps: VersionCommandDeps, argument: unknown): Promise<void> {
  const title = 'Set Label';
  const target = await findVersionTarget(deps, argument, title);
  if (!target) return;
  const version = target.version ?? (await askVersion(target, title));
  if (!version) return;
  const label = await pickLabel(target, { title: `${title} on ${version.name}`, optional: false });
  if (label) await move(deps, target, { label, version });
}

/** Moves a label of the prompt: asks for the label, then for the version. */
export async function moveLabel(deps: VersionCommandDeps, argument: unknown): Promise<void> {
  const title = 'Move Label';
  const target = await findVersionTarget(deps, argument, title);
  const label = target && (await pickOwnLabel(target, title));
  if (!target || !label) return;
  const version = await askVersion(target, `${title} ${label}`);
  if (version) await move(deps, target, { label, version });
}

async function askVersion(target: VersionTarget, title: string) {
  const picked = await pickVersion(target, { title, placeHolder: 'Select the version for the label' });
  return picked && placeOf(target.repository, picked);
}

async function move(
  deps: VersionCommandDeps,
  target: VersionTarget,
  { label, version }: { label: string; version: { commit: string; name: string } },
): Promise<void> {
  const why = await askReason(`${label} → ${version.name}`);
  if (why === undefined) return;
  const { versions, file } = target;
  const done = await withIdentity((author) =>
    versions.labels.move(file, { label, commit: version.commit, why, ...(author ? { author } : {}) }),
  );
  if (!done) return;
  deps.watch.fire();
  showNotice(`Set ${plainLabel(label)} of ${plainLabel(shortName(file))} to ${version.name}.`);
}

export async function removeLabel(deps: VersionCommandDeps, argument: unknown): Promise<void> {
  const title = 'Remove Label';
  const target = await findVersionTarget(deps, argument, title);
  const label = target && (await pickOwnLabel(target, title));
  if (!target || !label) return;
  const why = await askReason(`${title} ${label}`);
  if (why === undefined) return;
  const { versions, file } = target;
  const done = await withIdentity(async (author) => {
    await versions.labels.remove(file, { label, why, ...(author ? { author } : {}) });
    return true;
  });
  if (!done) return;
  deps.watch.fire();
  showNotice(`Removed ${plainLabel(label)} from ${plainLabel(shortName(file))}. Its history is kept.`);
}

/** A move is a commit, so it needs an author. Asks for one if git has none. */
export async function withIdentity<T>(write: (author: Author | undefined) => Promise<T>): Promise<T | undefined> {
  try {
    return await write(undefined);
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'no-identity') throw error;
    const author = await askAuthor();
    return author && write(author);
  }
}

/** Asks for a label of the prompt. Labels of the given version come first. */
async function pickOwnLabel(target: VersionTarget, title: string): Promise<string | undefined> {
  const own = await requireLabels(target);
  const items = labelItems(own);
  const mine = items.filter(({ description }) => description === `on ${target.version?.name}`);
  const sorted = [...mine, ...items.filter((item) => !mine.includes(item))];
  const picked = await vscode.window.showQuickPick(sorted, { title, placeHolder: 'Select a label of this prompt' });
  return picked?.value;
}

/** Shows the moves of a label, newest first. Selecting one opens the version that it moved to. */
export async function showLabelHistory(deps: VersionCommandDeps, argument: unknown): Promise<void> {
  const title = 'Show Label History';
  const target = await findVersionTarget(deps, argument, title);
  const label = target && (await pickOwnLabel(target, title));
  if (!target || !label) return;
  const moves = await target.versions.labels.history(target.file, label);
  const nameOf = await nameCommits(target);
  const items = moves.map((moved) => ({ ...moveItem(moved, nameOf), moved }));
  const picked = await vscode.window.showQuickPick(items, {
    title: `${title}: ${label}`,
    placeHolder: 'Select a move to open its version',
    matchOnDetail: true,
    matchOnDescription: true,
  });
  const to = picked?.moved.to;
  if (to !== undefined) await showVersion({ commit: to, file: target.file, name: nameOf(to) });
}

function moveItem(moved: LabelMove, nameOf: (commit: string) => string): vscode.QuickPickItem {
  const when = new Date(moved.at).toLocaleString();
  const [from, to] = [moved.from, moved.to].map((commit) => commit && nameOf(commit));
  const label =
    to === undefined ? `$(trash) Removed from ${from}` : `$(tag) ${from === undefined ? 'Set on' : `${from} →`} ${to}`;
  return {
    label,
    description: plainLabel(`${moved.by.name}, ${when}`),
    detail: plainLabel(moved.why || 'No reason given'),
  };
}
