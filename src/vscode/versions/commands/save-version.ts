import path from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../../../core/base/errors.ts';
import type { Author } from '../../../core/versions/git/identity.ts';
import type { SavedVersion, SaveOptions } from '../../../core/versions/save/save-version.ts';
import { plainMessage } from '../../host/plain-text.ts';
import { showJobProgress } from '../../shell/job-progress.ts';
import { askReason, pickLabel } from './ask-label.ts';
import {
  findVersionTarget,
  shortName,
  showNotice,
  type VersionCommandDeps,
  type VersionTarget,
} from './version-targets.ts';

const TITLE = 'Save Version';

/** Commits the prompt and its partials, and nothing else, as its next version. */
export async function saveVersion(deps: VersionCommandDeps, argument: unknown): Promise<void> {
  const target = await findVersionTarget(deps, argument, TITLE);
  if (!target) return;
  if (target.version) {
    throw new UserError('This document is already a saved version.', {
      code: 'usage',
      hint: 'Restore it to the file first, then save the file.',
    });
  }
  await saveDocuments(target);
  const options = await askWhatToSave(target);
  if (!options) return;
  const saved = await saveAsking(target, options);
  if (!saved) return;
  deps.watch.fire();
  deps.steps.done('version');
  await reportSaved(deps, target, { saved, wanted: options.label?.label });
}

/** Saves the prompt and its unsaved partials, because git commits what is on disk. */
async function saveDocuments({ versions, repository, file }: VersionTarget): Promise<void> {
  const document = await vscode.workspace.openTextDocument(file);
  if (document.isDirty) await document.save();
  const dirty = vscode.workspace.textDocuments.filter(({ isDirty, uri }) => isDirty && uri.scheme === 'file');
  if (dirty.length === 0) return;
  const { partials } = await versions.saves.workingContent(file);
  const used = new Set(partials.map((partial) => path.join(repository.root, partial.path)));
  for (const open of dirty) if (used.has(open.uri.fsPath)) await open.save();
}

async function askWhatToSave(target: VersionTarget): Promise<SaveOptions | undefined> {
  const { versions, file } = target;
  const { kind } = await versions.saves.workingState(file);
  const message = await vscode.window.showInputBox({
    title: TITLE,
    value: kind === 'clean' ? '' : await versions.saves.proposeMessage(file),
    prompt: `Describe the changes in ${shortName(file)}. Only this prompt and its partials are committed.`,
    placeHolder: 'Commit message',
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === '' ? 'Enter a commit message.' : undefined),
  });
  if (message === undefined) return undefined;
  const label = await pickLabel(target, { title: `${TITLE}: Label`, optional: true });
  if (label === undefined) return undefined;
  if (label === '') return { message };
  const why = await askReason(`${TITLE}: ${label}`);
  return why === undefined ? undefined : { message, label: { label, why } };
}

/** Saves, and asks about decisions of the user: different staged content, or the author of the commit. */
async function saveAsking(target: VersionTarget, options: SaveOptions): Promise<SavedVersion | undefined> {
  let wanted = options;
  for (;;) {
    try {
      return await saveWithProgress(target, wanted);
    } catch (error) {
      const answer = error instanceof UserError ? await askAbout(error, wanted) : undefined;
      if (answer === undefined) throw error;
      if (answer === 'cancelled') return undefined;
      wanted = { ...wanted, ...answer };
    }
  }
}

function saveWithProgress({ versions, file }: VersionTarget, options: SaveOptions): Promise<SavedVersion> {
  return showJobProgress(`Saving a version of ${shortName(file)}`, ({ signal }) =>
    versions.saves.save(file, { ...options, signal }),
  );
}

async function askAbout(
  error: UserError,
  options: SaveOptions,
): Promise<Partial<SaveOptions> | 'cancelled' | undefined> {
  if (error.code === 'staged-differs' && !options.replaceStaged) {
    const detail =
      `${error.hint ?? ''} The content of the file will be saved, and its staged content will be replaced.`.trim();
    const choice = await vscode.window.showWarningMessage(
      plainMessage(error.message),
      { modal: true, detail },
      'Save File Content',
    );
    return choice ? { replaceStaged: true } : 'cancelled';
  }
  if (error.code === 'no-identity' && !options.author) {
    const author = await askAuthor();
    return author ? { author } : 'cancelled';
  }
  return undefined;
}

/** Asks for the author of this commit only. No configuration is written. */
export async function askAuthor(): Promise<Author | undefined> {
  const title = 'Commit Author';
  const name = await vscode.window.showInputBox({
    title,
    prompt: 'Enter your name for this commit. Set user.name in git to avoid this question.',
    placeHolder: 'Name',
    ignoreFocusOut: true,
    validateInput: (text) => (/^[^<>\n]*\S[^<>\n]*$/.test(text) ? undefined : 'Enter a name without < and >.'),
  });
  if (name === undefined) return undefined;
  const email = await vscode.window.showInputBox({
    title,
    prompt: 'Enter your email address for this commit.',
    placeHolder: 'name@example.com',
    ignoreFocusOut: true,
    validateInput: (text) => (/^[^<>\s]+$/.test(text) ? undefined : 'Enter an email address without spaces, < and >.'),
  });
  return email === undefined ? undefined : { name, email };
}

interface Saving {
  saved: SavedVersion;
  /** The requested label. */
  wanted: string | undefined;
}

async function reportSaved(
  { log }: VersionCommandDeps,
  { file }: VersionTarget,
  { saved, wanted }: Saving,
): Promise<void> {
  const name = `${shortName(file)} v${saved.tag.number}`;
  showNotice(`Saved ${name}${saved.label ? `, now ${saved.label}` : ''}.`);
  log.info(`Saved ${name} as ${saved.commit} (${saved.tag.tag}).`);
  if (saved.output.trim() !== '') log.info(`Output of git hooks: ${saved.output.trim()}`);
  const isLess = wanted !== undefined && saved.label === undefined;
  const show = isLess ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
  for (const notice of saved.notices) void show(plainMessage(notice));
}
