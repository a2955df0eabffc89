import * as vscode from 'vscode';
import type { Log } from '../../core/base/ports.ts';
import type { WorkspaceIndex } from '../../core/language/workspace/workspace-index.ts';
import type { RepositoryWatch } from '../host/repository-watch.ts';
import type { Workbenches } from '../host/workbenches.ts';

/** The part of the workspace's prompt index that the view uses. */
interface PromptIndex {
  index(): Promise<Pick<WorkspaceIndex, 'prompts' | 'dependents'>>;
  /** Prompts that changed, by absolute path; undefined if any of them may have changed. */
  onDidChange: vscode.Event<readonly string[] | undefined>;
}

export interface PromptsViewDeps {
  workbenches: Workbenches;
  workspace: PromptIndex;
  watch: RepositoryWatch;
  log: Log;
}

const MAX_FILES = 5000;

export function findPromptFiles(): Thenable<vscode.Uri[]> {
  return vscode.workspace.findFiles('**/*.prompt', '**/node_modules/**', MAX_FILES);
}
