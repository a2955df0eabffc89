import path from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../../../core/base/errors.ts';
import type { Repository } from '../../../core/versions/git/repository-state.ts';
import type { PromptVersion } from '../../../core/versions/history/prompt-version.ts';
import { versionName } from '../../../core/versions/results/result-figures.ts';
import type { Versions } from '../../../core/versions/versions.ts';
import type { ChannelLog } from '../../host/log.ts';
import { plainMessage } from '../../host/plain-text.ts';
import type { RepositoryWatch } from '../../host/repository-watch.ts';
import type { Workbenches } from '../../host/workbenches.ts';
import type { PromptsNode } from '../../prompts/prompts-node.ts';
import { findPromptTarget, requireTrust } from '../../shell/prompt-targets.ts';
import type { WalkthroughSteps } from '../../shell/walkthrough-steps.ts';
import { type VersionPlace, versionPlace } from '../documents/version-documents.ts';

export interface VersionCommandDeps {
  workbenches: Workbenches;
  watch: RepositoryWatch;
  steps: WalkthroughSteps;
  log: ChannelLog;
}

/** The context of a command on rows. */
export interface RowContext {
  /** All selected rows, if there are several. */
  selected: readonly unknown[];
  /** Set if the row itself was clicked, not a menu. */
  click: RowClick | undefined;
}

export interface RowClick {
  /** False once the user has started to select other rows. */
  isWanted(): boolean;
}

/** The target of a command: a prompt or one version of it, with access to its history. */
export interface VersionTarget {
  versions: Versions;
  repository: Repository;
  /** The file of the prompt in the work tree. */
  file: string;
  uri: vscode.Uri;
  /** Undefined if the target is the prompt itself. */
  version: (VersionPlace & { commit: string }) | undefined;
}

/** Undefined if the user cancelled. Throws if the folder has no history, with an action to create one. */
export async function findVersionTarget(
  deps: VersionCommandDeps,
  target: unknown,
  title: string,
): Promise<VersionTarget | undefined> {
  requireTrust();
  const node = target as PromptsNode | undefined;
  if (node?.kind === 'version' || node?.kind === 'working' || node?.kind === 'prompt') {
    const file = node.kind === 'prompt' ? node.entry.file : node.file;
    const opened = await openVersions(deps, vscode.Uri.file(file));
    const version = node.kind === 'version' ? placeOf(opened.repository, node.row.version) : undefined;
    return { ...opened, file, uri: vscode.Uri.file(file), version };
  }
  const uri = await findPromptTarget(target, title);
  if (!uri) return undefined;
  const place = versionPlace(uri);
  if (!place && uri.scheme !== 'file') {
    throw new UserError('This document is not saved as a file, so it has no versions.', {
      code: 'usage',
      hint: 'Save it as a .prompt file in a repository first.',
      action: { command: 'workbench.action.files.save', title: 'Save' },
    });
  }
  const file = place?.file ?? uri.fsPath;
  const opened = await openVersions(deps, vscode.Uri.file(file));
  const { commit } = place ?? {};
  const version = place && commit !== undefined ? { ...place, commit } : undefined;
  return { ...opened, file, uri: vscode.Uri.file(file), version };
}

/** The versions of the folder of a file. */
export async function openVersions(
  { workbenches }: Pick<VersionCommandDeps, 'workbenches'>,
  uri?: vscode.Uri,
): Promise<{ versions: Versions; repository: Repository }> {
  requireTrust();
  const { versions } = await workbenches.for(uri);
  const state = await versions.state();
  if (state.kind === 'ready') return { versions, repository: state.repository };
  if (state.kind === 'none') {
    throw new UserError('Versions need git. This folder has no repository yet.', {
      code: 'no-repository',
      hint: 'Create one. Nothing is committed until you save a version.',
      action: { command: 'llmops.version.createRepository', title: 'Create Repository' },
    });
  }
  const { explainState } = await import('../../../core/versions/git/repository-state.ts');
  throw explainState(state);
}

/** The document of a version. The file may have had another path at that time. */
export function placeOf(repository: Repository, version: PromptVersion): VersionPlace & { commit: string } {
  const file = path.join(repository.root, version.path);
  return { commit: version.commit, file, name: versionName(version) };
}

/** The name for titles, such as `churn-analysis`. */
export function shortName(file: string): string {
  return path.basename(file).replace(/\.prompt$/, '');
}

/** Shows a temporary message in the status bar. */
export function showStatusMessage(message: string): void {
  vscode.window.setStatusBarMessage(message, 6000);
}

/**
 * Shows a change to the repository as a notification, because screen readers announce notifications but not status bar
 * messages.
 */
export function showNotice(message: string): void {
  void vscode.window.showInformationMessage(plainMessage(message));
}
