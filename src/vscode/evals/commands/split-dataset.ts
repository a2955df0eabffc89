import path from 'node:path';
import * as vscode from 'vscode';
import { toErrorInfo } from '../../../core/base/errors.ts';
import { replaceFile } from '../../../core/base/files/create-file.ts';
import { readDataset } from '../../../core/datasets/read-rows.ts';
import { DEFAULT_PARTS, parseParts, splitDataset } from '../../../core/datasets/split-dataset.ts';
import { formatCount, formatList } from '../../../shared/format.ts';
import { plainLabel, plainMessage } from '../../host/plain-text.ts';
import { requireWritableInWorkspace, streamWorkspaceFile } from '../../host/workspace-files.ts';
import { isDataset, pickDataset } from './pick-dataset.ts';

const TITLE = 'Split Dataset';

/** Splits a dataset by a seed into files next to it, with the rows of one group in one file. */
export async function splitDatasetFile(target: unknown): Promise<void> {
  const picked = isDataset(target) ? target : await pickDataset({ title: TITLE, placeHolder: 'Select the dataset' });
  if (picked === undefined || typeof picked === 'string') return;
  const parts = await askParts();
  const seed = parts && (await askSeed());
  if (!parts || seed === undefined) return;
  const onNotice = (text: string) => void vscode.window.showWarningMessage(plainMessage(text));
  const rows = readDataset(path.basename(picked.path), streamWorkspaceFile(picked), { onNotice });
  const divided = await splitDataset(picked.fsPath, rows, { parts, seed });
  const files = divided.map((part) => ({ ...part, uri: vscode.Uri.file(part.path) }));
  for (const { uri } of files) await requireWritableInWorkspace(uri);
  if (!(await mayReplace(files.map(({ uri }) => uri)))) return;
  for (const file of files) await replaceFile(file.path, file.text);
  const sizes = files.map(({ uri, rows }) => `${path.basename(uri.path)} (${formatCount(rows, 'row')})`);
  const open = 'Open';
  const answer = await vscode.window.showInformationMessage(plainMessage(`Wrote ${formatList(sizes)}.`), open);
  if (answer !== open) return;
  for (const { uri } of files) await vscode.window.showTextDocument(uri, { preview: false });
}

async function askParts() {
  const text = await vscode.window.showInputBox({
    title: `${TITLE}: Parts`,
    prompt: 'Names of the parts with their shares. Rows of one group stay together.',
    value: DEFAULT_PARTS,
    validateInput: (value) => {
      try {
        parseParts(value);
        return undefined;
      } catch (error) {
        const { message, hint } = toErrorInfo(error);
        return plainLabel([message, hint].filter(Boolean).join(' '));
      }
    },
  });
  return text === undefined ? undefined : parseParts(text);
}

async function askSeed(): Promise<number | undefined> {
  const text = await vscode.window.showInputBox({
    title: `${TITLE}: Seed`,
    prompt: 'The same seed divides the same rows in the same way.',
    value: '0',
    validateInput: (value) => (/^\d{1,9}$/.test(value.trim()) ? undefined : 'The seed is a whole number from 0 on.'),
  });
  return text === undefined ? undefined : Number(text);
}

async function mayReplace(files: readonly vscode.Uri[]): Promise<boolean> {
  const existing: string[] = [];
  for (const uri of files) {
    const isThere = await vscode.workspace.fs.stat(uri).then(
      () => true,
      () => false,
    );
    if (isThere) existing.push(path.basename(uri.path));
  }
  if (existing.length === 0) return true;
  const replace = 'Replace';
  const text = `${formatList(existing)} ${existing.length === 1 ? 'exists' : 'exist'} already.`;
  return (await vscode.window.showWarningMessage(plainMessage(text), { modal: true }, replace)) === replace;
}
