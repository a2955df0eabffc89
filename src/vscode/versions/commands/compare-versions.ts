import path from 'node:path';
import * as vscode from 'vscode';
import type { EffectiveContent } from '../../../core/versions/results/effective-content.ts';
import { plainMessage } from '../../host/plain-text.ts';
import { versionUri } from '../documents/version-documents.ts';
import { requireLabels } from './ask-label.ts';
import { findPrevious, pickVersion } from './pick-version.ts';
import {
  findVersionTarget,
  placeOf,
  type RowClick,
  type RowContext,
  shortName,
  showStatusMessage,
  type VersionCommandDeps,
  type VersionTarget,
} from './version-targets.ts';

/** One side of a comparison: a version, the current file, or nothing if it did not exist yet. */
export type Side =
  | { kind: 'version'; commit: string; file: string; name: string }
  | { kind: 'file'; file: string }
  | { kind: 'nothing'; file: string };

/** Compares a version with the previous one, or the file with its latest commit. */
export async function comparePrevious(
  deps: VersionCommandDeps,
  argument: unknown,
  { click }: RowContext,
): Promise<void> {
  const target = await findVersionTarget(deps, argument, 'Compare with Previous Version');
  if (!target) return;
  const left = await previousSide(target);
  await openComparison(target, [left, sideOf(target)], click);
}

async function previousSide(target: VersionTarget): Promise<Side> {
  const { versions, version, file, repository } = target;
  if (version) {
    const before = await findPrevious(target, version.commit);
    return before ? { kind: 'version', ...placeOf(repository, before) } : { kind: 'nothing', file: version.file };
  }
  const open = vscode.workspace.textDocuments.find(({ uri, isDirty }) => isDirty && uri.fsPath === file);
  const [{ versions: newest }, state] = await Promise.all([
    versions.history.list(file, { limit: 2 }),
    versions.saves.workingState(file, open?.getText()),
  ]);
  const before = newest[state.kind === 'clean' ? 1 : 0];
  return before ? { kind: 'version', ...placeOf(repository, before) } : { kind: 'nothing', file };
}

function sideOf({ version, file }: VersionTarget): Side {
  return version ? { kind: 'version', ...version } : { kind: 'file', file };
}

/** Compares with the given label, or else with the only one, or else with the one that the user picks. */
export async function compareLabel(deps: VersionCommandDeps, argument: unknown, given?: unknown): Promise<void> {
  const title = 'Compare with Label';
  const target = await findVersionTarget(deps, argument, title);
  const left = target && (await pickLabelSide(target, title, given));
  if (target && left) await openComparison(target, [left, sideOf(target)]);
}

async function pickLabelSide(target: VersionTarget, title: string, given: unknown): Promise<Side | undefined> {
  const own = await requireLabels(target);
  const items = [...own].map(([label, version]) => ({ label: `$(tag) ${label}`, description: version, value: label }));
  const only = items.length === 1 && typeof given !== 'string' ? items[0] : undefined;
  const known = items.find(({ value }) => value === given) ?? only;
  const picked = known ?? (await vscode.window.showQuickPick(items, { title, placeHolder: 'Select a label' }));
  if (!picked) return undefined;
  const name = await target.versions.names.nameOf(target.file);
  const labels = await target.versions.labels.list();
  const label = labels.find((one) => one.prompt === name && one.label === picked.value);
  if (!label) return undefined;
  return {
    kind: 'version',
    commit: label.target,
    file: path.join(target.repository.root, label.path),
    name: label.label,
  };
}

export async function compareAny(deps: VersionCommandDeps, argument: unknown): Promise<void> {
  const title = 'Compare with Any Version';
  const target = await findVersionTarget(deps, argument, title);
  if (!target) return;
  const options = { title, placeHolder: 'Select the version for the left side', without: target.version?.commit };
  const picked = await pickVersion(target, options);
  if (picked) {
    await openComparison(target, [{ kind: 'version', ...placeOf(target.repository, picked) }, sideOf(target)]);
  }
}

/**
 * Opens VS Code's diff of the sources, or one editor for all differences if partials differ too. If a row was clicked,
 * the focus stays there: an editor that takes it would close a context menu that was opened in the meantime.
 */
export async function openComparison(
  target: VersionTarget,
  [left, right]: [left: Side, right: Side],
  click?: RowClick,
): Promise<void> {
  const [before, after] = await Promise.all([contentOf(target, left), contentOf(target, right)]);
  const changes = await describeChanges(before, after);
  const title = titleOf(left, right, changes);
  const partials = differingPartials(before, after).map((name): [vscode.Uri, vscode.Uri] => {
    const pathIn = (content: EffectiveContent | undefined) => content?.partials.find((one) => one.name === name)?.path;
    const [old, now] = [pathIn(before), pathIn(after)];
    const at = (path: string | undefined) =>
      vscode.Uri.joinPath(vscode.Uri.file(target.repository.root), path ?? '').fsPath;
    return [uriOf(left, at(old ?? now)), uriOf(right, at(now ?? old))];
  });
  if (click && !click.isWanted()) return;
  const isSame = before?.source === after?.source;
  const own: [vscode.Uri, vscode.Uri] = [uriOf(left), uriOf(right)];
  const [first = own, ...others] = isSame ? partials : [own, ...partials];
  if (others.length === 0) {
    await vscode.commands.executeCommand('vscode.diff', ...first, title, {
      preview: true,
      preserveFocus: click !== undefined,
    });
  } else {
    const resources = [first, ...others].map(([from, to]) => [vscode.Uri.file(to.path), from, to]);
    await vscode.commands.executeCommand('vscode.changes', title, resources);
  }
  if (changes.length > 0) showStatusMessage(`$(diff) ${plainMessage(truncate(changes.join('; ')))}`);
  else showStatusMessage(`${nameOf(left)} and ${nameOf(right)} have the same content.`);
}

export async function contentOf({ versions }: VersionTarget, side: Side): Promise<EffectiveContent | undefined> {
  if (side.kind === 'nothing') return undefined;
  if (side.kind === 'version') return (await versions.history.read(side.commit, side.file)).content;
  const open = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'file' && uri.fsPath === side.file);
  return versions.saves.workingContent(side.file, open?.getText());
}

/** "temperature 0.2 → 0.7": the changes, most important first. */
export async function describeChanges(
  before: EffectiveContent | undefined,
  after: EffectiveContent | undefined,
): Promise<string[]> {
  if (!before || !after) return [before ? 'prompt removed' : 'first version'];
  const { describeChange } = await import('../../../core/versions/describe/describe-change.ts');
  return describeChange(before, after).map(({ text }) => text.replaceAll('`', ''));
}

function differingPartials(before: EffectiveContent | undefined, after: EffectiveContent | undefined): string[] {
  if (!before || !after) return [];
  const texts = (content: EffectiveContent) => new Map(content.partials.map(({ name, text }) => [name, text]));
  const [old, now] = [texts(before), texts(after)];
  return [...new Set([...old.keys(), ...now.keys()])].filter((name) => old.get(name) !== now.get(name)).sort();
}

/** Long enough for the main change, short enough for a tab and the status bar. */
const MAX_LENGTH = 64;

function titleOf(left: Side, right: Side, changes: readonly string[]): string {
  const names = `${shortName(right.file)}: ${nameOf(left)} ↔ ${nameOf(right)}`;
  const words = changes.join('; ');
  if (words === '') return names;
  return `${names} (${truncate(words)})`;
}

/** Tabs and the status bar do not show by themselves that text was cut off. */
export function truncate(words: string): string {
  return words.length > MAX_LENGTH ? `${words.slice(0, MAX_LENGTH - 1)}…` : words;
}

export function nameOf(side: Side): string {
  if (side.kind === 'version') return side.name;
  return side.kind === 'file' ? 'file' : 'nothing';
}

function uriOf(side: Side, file = side.file): vscode.Uri {
  if (side.kind === 'file') return vscode.Uri.file(file);
  return versionUri({ commit: side.kind === 'version' ? side.commit : undefined, file, name: nameOf(side) });
}
