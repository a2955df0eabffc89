import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../../core/base/errors.ts';
import { plainLabel } from '../adapters/plain-text.ts';
import { requireInWorkspace } from '../adapters/workspace-files.ts';
import { formValue } from './compare-prompt.ts';
import type { CompareSession } from './compare-session.ts';

const ROWS_SHOWN = 1000;

/** A panel's session, as far as its inputs go. */
export type InputOwner = Pick<CompareSession, 'source' | 'fields' | 'input' | 'setInput'>;

/** Fills the form from a JSON file that the user picks. */
export async function inputFromFile(session: InputOwner): Promise<undefined> {
  const file = await pickFile(session, { title: 'Inputs from a JSON file', filters: { JSON: ['json'] } });
  if (!file) return undefined;
  const rows = await readRows(file);
  const row = rows[0];
  if (!row) throw emptyFile(file);
  await fill(session, row);
  return undefined;
}

/** Fills the form from a row of a dataset: first the file, then the row. */
export async function inputFromDataset(session: InputOwner): Promise<undefined> {
  const file = await pickDataset(session);
  if (!file) return undefined;
  const rows = await readRows(file);
  if (!rows.length) throw emptyFile(file);
  const items = rows.slice(0, ROWS_SHOWN).map((row, index) => ({
    label: `Row ${index + 1}`,
    description: plainLabel(
      Object.entries(row)
        .map(([name, value]) => `${name}: ${typeof value === 'object' ? JSON.stringify(value) : value}`)
        .join(', ')
        .slice(0, 200),
    ),
    row,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: `Inputs from ${path.basename(file)}`,
    placeHolder: rows.length > ROWS_SHOWN ? `The first ${ROWS_SHOWN} of ${rows.length} rows` : 'Choose a row',
    matchOnDescription: true,
  });
  if (picked) await fill(session, picked.row);
  return undefined;
}

async function pickDataset(session: InputOwner): Promise<string | undefined> {
  const found = await vscode.workspace.findFiles('**/*.{jsonl,csv}', '**/{node_modules,.llmops}/**', 200);
  const other = { label: '$(folder-opened) Another file…', file: undefined };
  const items = found.map((uri) => ({ label: plainLabel(vscode.workspace.asRelativePath(uri)), file: uri.fsPath }));
  if (!items.length) return pickFile(session, datasetDialog);
  const picked = await vscode.window.showQuickPick([...items, other], {
    title: 'Inputs from a dataset',
    placeHolder: 'Choose a dataset',
  });
  if (!picked) return undefined;
  if (picked.file === undefined) return pickFile(session, datasetDialog);
  // The list is of the workspace's files: a link in it may not bring in others. The dialog may.
  await requireInWorkspace(vscode.Uri.file(picked.file));
  return picked.file;
}

const datasetDialog = { title: 'Inputs from a dataset', filters: { Datasets: ['jsonl', 'csv', 'json'] } };

async function pickFile(session: InputOwner, options: vscode.OpenDialogOptions): Promise<string | undefined> {
  const defaultUri = vscode.Uri.file(path.dirname(session.source.path));
  const [uri] = (await vscode.window.showOpenDialog({ ...options, defaultUri, openLabel: 'Use' })) ?? [];
  return uri?.fsPath;
}

async function readRows(file: string): Promise<Record<string, unknown>[]> {
  const { readDatasetRows } = await import('../../core/datasets/read-rows.ts');
  return readDatasetRows(file, await readFile(file, 'utf8'));
}

function emptyFile(file: string): UserError {
  return new UserError(`${path.basename(file)} holds no row.`, {
    code: 'usage',
    hint: 'Choose a file with at least one object.',
  });
}

/** Only the prompt's own fields are taken, so that a dataset may hold more columns; the others stay as they are. */
async function fill(session: InputOwner, row: Record<string, unknown>): Promise<void> {
  const taken = session.fields.filter((field) => row[field.name] !== undefined);
  if (!taken.length) {
    const names = session.fields.map((field) => field.name).join(', ');
    throw new UserError('None of the row’s names is an input of this prompt.', {
      code: 'invalid-input',
      hint: names ? `The prompt’s inputs are ${names}.` : 'The prompt declares no input.',
    });
  }
  const values = Object.fromEntries(taken.map((field) => [field.name, formValue(field, row[field.name])]));
  await session.setInput({ ...session.input, ...values });
}
