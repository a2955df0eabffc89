import path from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../../../core/base/errors.ts';
import type { PromptChange } from '../../../core/versions/describe/changes-between.ts';
import { isKnownToGitExtension } from '../../host/git-extension.ts';
import { plainLabel, plainMessage } from '../../host/plain-text.ts';
import { showJobProgress } from '../../shell/job-progress.ts';
import { requireTrust } from '../../shell/prompt-targets.ts';
import { openComparison, type Side } from './compare-versions.ts';
import {
  findVersionTarget,
  openVersions,
  shortName,
  showStatusMessage,
  type VersionCommandDeps,
  type VersionTarget,
} from './version-targets.ts';

/** Creates a repository in the folder of the clicked row, or else in the active folder. */
export async function createRepository({ workbenches, watch }: VersionCommandDeps, argument: unknown): Promise<void> {
  requireTrust();
  const folder = workbenches.folderOf(typeof argument === 'string' ? vscode.Uri.file(argument) : undefined);
  if (!folder) {
    throw new UserError('A repository needs an open folder.', {
      code: 'no-folder',
      hint: 'Open the folder that contains your prompts.',
    });
  }
  const { versions } = await workbenches.for(folder.uri);
  if ((await versions.state()).kind === 'ready')
    return showStatusMessage(`$(repo) ${plainLabel(folder.name)} is already in a git repository.`);
  const question = `Create a git repository in “${folder.name}”?`;
  const detail = 'Nothing is committed until you save a version.';
  const choice = await vscode.window.showInformationMessage(
    plainMessage(question),
    { modal: true, detail },
    'Create Repository',
  );
  if (!choice) return;
  await versions.createRepository();
  watch.fire();
  showStatusMessage(`$(repo) Created a git repository in ${plainLabel(folder.name)}.`);
}

const KINDS = { added: 'diff-added', removed: 'diff-removed', changed: 'diff-modified', renamed: 'diff-renamed' };

/** Shows the prompts that this branch changes compared with its upstream. Selecting one opens a diff. */
export async function showBranchChanges(deps: VersionCommandDeps): Promise<void> {
  const { versions, repository } = await openVersions(deps);
  const merged = await versions.history.mergeBase();
  if (!merged) {
    throw new UserError('This branch has no upstream, and no main branch was found to compare with.', {
      code: 'usage',
      hint: 'Set an upstream for the branch, or use Compare with Any Version.',
    });
  }
  const changes = await showJobProgress(
    `Comparing prompts with ${plainMessage(merged.upstream)}`,
    ({ signal, report }) =>
      versions.history.changesBetween(merged.base, undefined, signal, (done, total) => report({ done, total })),
  );
  if (changes.length === 0) return showStatusMessage(`$(check) No prompts differ from ${merged.upstream}.`);
  const items = changes.map((change) => ({
    label: `$(${KINDS[change.kind]}) ${plainLabel(change.name)}`,
    description: plainLabel(change.path),
    detail: plainLabel(describeBranchChange(change)),
    change,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: `Changes Compared with ${plainLabel(merged.upstream)}`,
    placeHolder: `${changes.length} ${changes.length === 1 ? 'prompt' : 'prompts'} changed since ${merged.base.slice(0, 7)}`,
    matchOnDescription: true,
  });
  if (!picked) return;
  const { change } = picked;
  const file = path.join(repository.root, change.path);
  const target: VersionTarget = { versions, repository, file, uri: vscode.Uri.file(file), version: undefined };
  await openComparison(target, sidesOf(change, { root: repository.root, upstream: merged.upstream }));
}

function sidesOf(change: PromptChange, { root, upstream }: { root: string; upstream: string }): [Side, Side] {
  const file = path.join(root, change.path);
  const oldFile = path.join(root, change.oldPath ?? change.path);
  const left: Side = change.base
    ? { kind: 'version', commit: change.base.commit, file: oldFile, name: upstream }
    : { kind: 'nothing', file };
  return [left, change.kind === 'removed' ? { kind: 'nothing', file } : { kind: 'file', file }];
}

function describeBranchChange({ kind, oldPath, partials }: PromptChange): string {
  const parts = [
    kind,
    oldPath !== undefined && oldPath !== '' && kind === 'renamed' && `from ${oldPath}`,
    partials.length > 0 && `by ${partials.map((partial) => path.posix.basename(partial, '.prompt')).join(', ')}`,
  ];
  return parts.filter(Boolean).join(' ');
}

/** Opens the merge editor if the Git extension knows the repository, or else the file with its conflict markers. */
export async function resolveConflict(deps: VersionCommandDeps, argument: unknown): Promise<void> {
  const target = await findVersionTarget(deps, argument, 'Resolve Conflict');
  if (!target) return;
  const { uri, versions, file } = target;
  const { kind } = await versions.saves.workingState(file);
  if (kind !== 'conflicted') return showStatusMessage(`$(check) ${plainLabel(shortName(file))} has no conflicts.`);
  if (await isKnownToGitExtension(uri)) await vscode.commands.executeCommand('git.openMergeEditor', uri);
  else await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
}
