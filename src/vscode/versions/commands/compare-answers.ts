import * as vscode from 'vscode';
import { UserError } from '../../../core/base/errors.ts';
import { versionName } from '../../../core/versions/results/result-figures.ts';
import { plainLabel } from '../../host/plain-text.ts';
import type { CompareRequest } from '../../prompts/prompt-commands.ts';
import type { PromptsNode } from '../../prompts/prompts-node.ts';
import { findPrevious, versionItems } from './pick-version.ts';
import {
  findVersionTarget,
  type RowContext,
  shortName,
  type VersionCommandDeps,
  type VersionTarget,
} from './version-targets.ts';

const TITLE = 'Compare Versions Side by Side';

/** Commits of the versions to compare, in the order of the columns. Undefined is the current file. */
type Chosen = (string | undefined)[];

/** Opens Compare with a column for each version, to show the effect of edits on answers. */
export async function compareAnswers(
  deps: VersionCommandDeps,
  argument: unknown,
  { selected }: RowContext,
): Promise<void> {
  const rows = selectedRows(argument, selected);
  const target = await findVersionTarget(deps, rows[0] ?? argument, TITLE);
  const chosen = target && (await choose(target, rows));
  if (!target || !chosen) return;
  const columns = await Promise.all(chosen.map((commit) => columnOf(deps, target, commit)));
  const request: CompareRequest = { uri: target.uri, columns };
  await vscode.commands.executeCommand('llmops.prompt.compare', request);
}

type Row = Extract<PromptsNode, { kind: 'version' | 'working' }>;

/** The selected rows if the clicked one is among them, in the order of the view. */
function selectedRows(argument: unknown, selected: readonly unknown[]): Row[] {
  const isRow = (node: unknown): node is Row =>
    typeof node === 'object' && node !== null && 'kind' in node && (node.kind === 'version' || node.kind === 'working');
  const rows = selected.filter(isRow);
  if (rows.length < 2) return isRow(argument) ? [argument] : [];
  if (rows.some(({ file }) => file !== rows[0]?.file)) {
    throw new UserError('The selected versions belong to different prompts.', {
      code: 'usage',
      hint: 'Select versions of one prompt.',
    });
  }
  return rows;
}

async function choose(target: VersionTarget, rows: readonly Row[]): Promise<Chosen | undefined> {
  if (rows.length > 1) {
    // the view has the newest version on top, but columns are read from left to right, so the oldest is first
    const newestFirst = [...rows].sort((a, b) => placeInView(a) - placeInView(b));
    return newestFirst.reverse().map((row) => (row.kind === 'version' ? row.row.version.commit : undefined));
  }
  if (target.version) return chooseFor(target, target.version);
  return rows[0] ? chooseForFile(target) : pickSeveral(target);
}

/** VS Code passes a selection in the order of the clicks. The current file is above all versions. */
function placeInView(row: Row): number {
  return row.kind === 'working' ? -1 : row.place;
}

/** Compares one version with the previous one, or with the file if it differs. */
async function chooseFor(
  target: VersionTarget,
  version: { commit: string; name: string },
): Promise<Chosen | undefined> {
  const { versions, file } = target;
  const [before, then, now] = await Promise.all([
    findPrevious(target, version.commit),
    versions.history.read(version.commit, file),
    versions.saves.workingContent(file, openText(file)).catch(() => undefined),
  ]);
  const previous = before && { chosen: [before.commit, version.commit], name: versionName(before) };
  const isFileOther = now !== undefined && now.hash !== then.content.hash;
  if (!isFileOther) return previous?.chosen ?? onlyOne(version.name);
  const withFile: Chosen = [version.commit, undefined];
  if (!previous) return withFile;
  const items = [
    {
      label: `$(git-commit) ${previous.name} (Previous Version)`,
      description: plainLabel(before.subject),
      value: previous.chosen,
    },
    { label: '$(file) Current File', value: withFile },
  ];
  const placeHolder = `Select what to compare ${version.name} with`;
  return (await vscode.window.showQuickPick(items, { title: TITLE, placeHolder, matchOnDescription: true }))?.value;
}

/** Compares the file, including uncommitted changes, with its latest commit. */
async function chooseForFile({ versions, file }: VersionTarget): Promise<Chosen> {
  const { versions: newest } = await versions.history.list(file, { limit: 1 });
  return newest[0] ? [newest[0].commit, undefined] : onlyOne('The file');
}

function onlyOne(name: string): never {
  throw new UserError(`${name} has no other version to compare with.`, {
    code: 'usage',
    hint: 'Change the prompt, or save another version first.',
  });
}

/** Asks for two or more. */
async function pickSeveral(target: VersionTarget): Promise<Chosen | undefined> {
  const [items, { kind }] = await Promise.all([
    versionItems(target),
    target.versions.saves.workingState(target.file, openText(target.file)),
  ]);
  const versions = items.filter(({ version }) => version !== undefined);
  const isChanged = kind !== 'clean' && kind !== 'deleted';
  const rows = [...(isChanged ? [{ label: '$(file) Current File', version: undefined }] : []), ...versions];
  if (rows.length < 2) return onlyOne(shortName(target.file));
  const picked = await vscode.window.showQuickPick(
    rows.map((row, index) => ({ ...row, picked: index < 2 })),
    { title: TITLE, placeHolder: 'Select two or more versions', canPickMany: true, matchOnDescription: true },
  );
  if (!picked || picked.length === 0) return undefined;
  if (picked.length < 2) {
    throw new UserError('Select at least two versions to compare.', { code: 'usage' });
  }
  return picked.map(({ version }) => version?.commit).reverse();
}

function openText(file: string): string | undefined {
  return vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'file' && uri.fsPath === file)?.getText();
}

/** A version runs on its own model, because an edit may have changed the model. */
async function columnOf(
  { workbenches }: VersionCommandDeps,
  { versions, file, uri }: VersionTarget,
  commit: string | undefined,
): Promise<CompareRequest['columns'][number]> {
  if (commit === undefined) return {};
  const workbench = await workbenches.for(uri);
  const { prompt } = await workbench.versions.history.loadPrompt(await versions.history.read(commit, file));
  return { version: commit, ...(prompt.model ? { model: prompt.model.text } : {}) };
}
