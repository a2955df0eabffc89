import path from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../../core/base/errors.ts';
import { promptName } from '../../shared/prompt-name.ts';
import { LANGUAGE_ID } from '../host/contributions.ts';
import { plainLabel } from '../host/plain-text.ts';
import { activePanelPrompt } from './panels/panel-prompts.ts';
import { LOST_ROW } from './rows/row-arguments.ts';

/** A row of a prompt file, in any view. */
interface PromptRow {
  kind: 'prompt';
  entry: { file: string };
}

/**
 * The prompt that a command applies to: the given file (from a menu or a CodeLens), or else the one of the active
 * editor or panel, or else the one that the user picks. Undefined if the user cancelled.
 */
export async function findPromptTarget(target: unknown, title: string): Promise<vscode.Uri | undefined> {
  if (target instanceof vscode.Uri) return target;
  const row = target as Partial<PromptRow> | undefined;
  if (row?.kind === 'prompt' && row.entry) return fileOfRow(row.entry.file);
  if (target === LOST_ROW) return pickPrompt(title, 'The list was refreshed. Select the prompt again');
  const active = vscode.window.activeTextEditor?.document;
  if (active?.languageId === LANGUAGE_ID) return active.uri;
  return activePanelPrompt() ?? pickPrompt(title);
}

/** The file of a row may have been deleted in the meantime. */
async function fileOfRow(file: string): Promise<vscode.Uri> {
  const uri = vscode.Uri.file(file);
  await vscode.workspace.fs.stat(uri).then(undefined, () => {
    throw new UserError(`${vscode.workspace.asRelativePath(uri)} no longer exists.`, {
      code: 'usage',
      hint: 'If it was committed, use Restore Version to get it back.',
    });
  });
  return uri;
}

async function pickPrompt(title: string, placeHolder = 'Select a prompt'): Promise<vscode.Uri | undefined> {
  const files = await vscode.workspace.findFiles('**/*.prompt', '**/node_modules/**', 2000);
  const prompts = files.filter((uri) => !path.basename(uri.path).startsWith('_'));
  if (!prompts.length) {
    throw new UserError('This window has no prompts.', {
      code: 'no-folder',
      hint: 'Create one, or open a folder that contains .prompt files.',
      action: { command: 'llmops.prompt.create', title: 'New Prompt File' },
    });
  }
  const items = prompts
    .map((uri) => ({
      label: plainLabel(promptName(uri.path)),
      description: plainLabel(vscode.workspace.asRelativePath(uri)),
      uri,
    }))
    .sort((a, b) => a.description.localeCompare(b.description));
  return (await vscode.window.showQuickPick(items, { title, placeHolder, matchOnDescription: true }))?.uri;
}

/** Nothing runs, and no model is requested, in a workspace that is not trusted. */
export function requireTrust(): void {
  if (vscode.workspace.isTrusted) return;
  throw new UserError('This workspace is not trusted, so nothing runs in it.', {
    code: 'untrusted',
    hint: 'Trust it only if you know where it comes from.',
    action: { command: 'workbench.trust.manage', title: 'Manage Workspace Trust' },
  });
}
