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
  told,
  type VersionCommandDeps,
  type VersionTarget,
} from './version-targets.ts';

/** In the folder whose row was clicked, else in the one that is worked in. */
export async function createRepository({ workbenches, watch }: VersionCommandDeps, argument: unknown): Promise<void> {
  requireTrust();
  const folder = workbenches.folderOf(typeof argument === 'string' ? vscode.Uri.file(argument) : undefined);
  if (!folder) {
    throw new UserError('No folder is open that could become a repository.', {
      code: 'no-folder',
      hint: 'Open the folder that holds your prompts.',
    });
  }
  const { versions } = await workbenches.for(folder.uri);
  if ((await versions.state()).kind === 'ready')
    return told(`$(repo) ${plainLabel(folder.name)} is in a git repository already.`);
  const question = `Create a git repository in “${folder.name}”?`;
  const detail = 'Nothing is committed by that. Versions begin with the first one that you save.';
  const choice = await vscode.window.showInformationMessage(
    plainMessage(question),
    { modal: true, detail },
    'Create Repository',
  );
  if (!choice) return;
  await versions.createRepository();
  watch.fire();
  told(`$(repo) ${plainLabel(folder.name)} is a git repository now; nothing is committed yet.`);
}

const KINDS = { added: 'diff-added', removed: 'diff-removed', changed: 'diff-modified', renamed: 'diff-renamed' };

/** What this branch changes in prompts against where it left its upstream; one that is picked opens as a diff. */
export async function showBranchChanges(deps: VersionCommandDeps): Promise<void> {
  const title = 'Branch Changes';
  const { versions, repository } = await openVersions(deps);
  const merged = await versions.history.mergeBase();
  if (!merged) {
    throw new UserError('This branch has no upstream and there is no main branch to compare it with.', {
      code: 'usage',
      hint: 'Push the branch with an upstream, or compare a prompt with any version.',
    });
  }
  const changes = await showJobProgress(
    `Comparing prompts with ${plainMessage(merged.upstream)}`,
    ({ signal, report }) =>
      versions.history.changesBetween(merged.base, undefined, signal, (done, total) => report({ done, total })),
  );
  if (changes.length === 0) return told(`$(check) No prompt differs from ${merged.upstream}.`);
  const items = changes.map((change) => ({
    label: `$(${KINDS[change.kind]}) ${plainLabel(change.name)}`,
    description: plainLabel(change.path),
    detail: plainLabel(describeBranchChange(change)),
    change,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: `${title} against ${plainLabel(merged.upstream)}`,
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
  const facts = [
    kind,
    oldPath !== undefined && oldPath !== '' && kind === 'renamed' && `from ${oldPath}`,
    partials.length > 0 && `by ${partials.map((partial) => path.posix.basename(partial, '.prompt')).join(', ')}`,
  ];
  return facts.filter(Boolean).join(' ');
}

/** The merge editor where the Git extension is there and knows the repository, else the file with its markers. */
export async function resolveConflict(deps: VersionCommandDeps, argument: unknown): Promise<void> {
  const target = await findVersionTarget(deps, argument, 'Resolve Conflict');
  if (!target) return;
  const { uri, versions, file } = target;
  const { kind } = await versions.saves.workingState(file);
  if (kind !== 'conflicted') return told(`$(check) ${plainLabel(shortName(file))} has no conflict.`);
  if (await isKnownToGitExtension(uri)) await vscode.commands.executeCommand('git.openMergeEditor', uri);
  else await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
}
