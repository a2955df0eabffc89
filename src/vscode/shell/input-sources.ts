import path from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../../core/base/errors.ts';
import type { CompareSession } from '../../panels/compare/compare-session.ts';
import type { DatasetRows } from '../../panels/compare/dataset-rows.ts';
import { formValue } from '../../panels/session/panel-prompt.ts';
import { plainLabel, plainMessage } from '../host/plain-text.ts';
import { requireInWorkspace } from '../host/workspace-files.ts';

const ROWS_SHOWN = 1000;

/** The inputs of a panel's session. A session that steps through a dataset also has `fillInput`. */
export type InputOwner = Pick<CompareSession, 'source' | 'fields' | 'input' | 'setInput'> &
  Partial<Pick<CompareSession, 'fillInput' | 'dataset'>>;

/** Fills the form from a JSON file that the user picks. */
export async function inputFromFile(session: InputOwner): Promise<void> {
  const file = await pickFile(session, { title: 'Fill Inputs from JSON File', filters: { JSON: ['json'] } });
  if (!file) return;
  const [row] = (await readRows(file, 1)).rows;
  if (!row) throw emptyFile(file);
  await fill(session, { row, file });
}

/** Fills the form from a row of a dataset: first the file, then the row. */
export async function inputFromDataset(session: InputOwner): Promise<void> {
  const found = await vscode.workspace.findFiles('**/*.{jsonl,csv,tsv}', '**/{node_modules,.llmops}/**', 200);
  const picked = found.length > 0 ? await pickDatasetRow(found) : 'dialog';
  const chosen = picked === 'dialog' ? await pickRowOfFile(await pickFile(session, datasetDialog)) : picked;
  if (!chosen) return;
  const { file, row, number } = chosen;
  const dataset = session.fillInput && (await openRows(file, number));
  await fill(session, { row, file, dataset });
}

/** Fills the form from another row of its dataset. */
export async function moveInDataset(
  session: InputOwner,
  move: (rows: DatasetRows) => Promise<Record<string, unknown> | undefined>,
): Promise<void> {
  const { dataset } = session;
  const row = dataset && (await move(dataset));
  if (row) await fill(session, { row, file: dataset.file, dataset });
}

async function openRows(file: string, row: number): Promise<DatasetRows> {
  const [{ RowWindow }, { DatasetRows, stampOf }, { streamRegularFile }] = await Promise.all([
    import('../../core/datasets/row-window.ts'),
    import('../../panels/compare/dataset-rows.ts'),
    import('../../core/base/files/read-file.ts'),
  ]);
  const stamp = () => stampOf(file);
  const rows = new DatasetRows(file, new RowWindow({ path: file, open: () => streamRegularFile(file), stamp }), row);
  await rows.goTo(row);
  return rows;
}

interface DatasetRow {
  file: string;
  row: Record<string, unknown>;
  /** From 1. */
  number: number;
}

interface DatasetItem extends vscode.QuickPickItem {
  /** A file in the first list. Undefined opens the dialog. */
  file?: string;
  /** A row in the second list. */
  row?: DatasetRow;
}

/**
 * One list that shows files first and rows next. A second list would be closed if the panel, which has the focus in
 * between, gets it late.
 */
async function pickDatasetRow(files: readonly vscode.Uri[]): Promise<DatasetRow | 'dialog' | undefined> {
  const pick = vscode.window.createQuickPick<DatasetItem>();
  pick.title = 'Fill Inputs from Dataset';
  pick.placeholder = 'Select a dataset';
  pick.matchOnDescription = true;
  pick.items = [
    ...files.map((uri) => ({ label: plainLabel(vscode.workspace.asRelativePath(uri)), file: uri.fsPath })),
    { label: '$(folder-opened) Browse…' },
  ];
  try {
    return await new Promise((resolve, reject) => {
      pick.onDidHide(() => resolve(undefined));
      pick.onDidAccept(() => {
        const [item] = pick.selectedItems;
        if (!item || pick.busy) return;
        if (item.row || item.file === undefined) return resolve(item.row ?? 'dialog');
        void showRows(pick, item.file).catch(reject);
      });
      pick.show();
    });
  } finally {
    pick.dispose();
  }
}

async function showRows(pick: vscode.QuickPick<DatasetItem>, file: string): Promise<void> {
  pick.busy = true;
  // The list has files of the workspace, so links out of it are not followed. The dialog allows any file.
  await requireInWorkspace(vscode.Uri.file(file));
  const { title, placeholder, items } = await rowsToPick(file);
  pick.value = '';
  pick.items = items;
  pick.title = title;
  pick.placeholder = placeholder;
  pick.busy = false;
}

async function pickRowOfFile(file: string | undefined): Promise<DatasetRow | undefined> {
  if (file === undefined) return undefined;
  const { title, placeholder, items } = await rowsToPick(file);
  const picked = await vscode.window.showQuickPick(items, {
    title,
    placeHolder: placeholder,
    matchOnDescription: true,
  });
  return picked?.row;
}

async function rowsToPick(file: string) {
  const { rows, more } = await readRows(file, ROWS_SHOWN);
  if (!rows.length) throw emptyFile(file);
  return {
    title: `Fill Inputs from ${path.basename(file)}`,
    placeholder: more ? `Select a row (only the first ${ROWS_SHOWN} are listed)` : 'Select a row',
    items: rows.map((row, index) => ({
      label: `Row ${index + 1}`,
      description: describeRow(row),
      row: { file, row, number: index + 1 },
    })),
  };
}

function describeRow(row: Record<string, unknown>): string {
  const values = Object.entries(row).map(
    ([name, value]) => `${name}: ${typeof value === 'object' ? JSON.stringify(value) : value}`,
  );
  return plainLabel(values.join(', ').slice(0, 200));
}

const datasetDialog = {
  title: 'Fill Inputs from Dataset',
  filters: { Datasets: ['jsonl', 'ndjson', 'json', 'csv', 'tsv'] },
};

async function pickFile(session: InputOwner, options: vscode.OpenDialogOptions): Promise<string | undefined> {
  const defaultUri = vscode.Uri.file(path.dirname(session.source.path));
  const [uri] = (await vscode.window.showOpenDialog({ ...options, defaultUri, openLabel: 'Select' })) ?? [];
  return uri?.fsPath;
}

async function readRows(file: string, limit: number): Promise<{ rows: Record<string, unknown>[]; more: boolean }> {
  const [{ readFirstRows }, { streamRegularFile }] = await Promise.all([
    import('../../core/datasets/read-rows.ts'),
    import('../../core/base/files/read-file.ts'),
  ]);
  const onNotice = (text: string) => void vscode.window.showWarningMessage(plainMessage(text));
  const rows = await readFirstRows(file, streamRegularFile(file), { limit: limit + 1, onNotice });
  return { rows: rows.slice(0, limit), more: rows.length > limit };
}

function emptyFile(file: string): UserError {
  return new UserError(`${path.basename(file)} has no rows.`, {
    code: 'usage',
    hint: 'Select a file with at least one row.',
  });
}

interface Filling {
  row: Record<string, unknown>;
  file: string;
  dataset?: DatasetRows | undefined;
}

/** The form without the values of the previous row, which must not remain if the next row lacks them. */
function withoutRow({ input, fields }: InputOwner, dataset: DatasetRows | undefined): Record<string, unknown> {
  const given = new Set(dataset?.filled);
  const kept = Object.entries(input).filter(([name]) => !given.has(name));
  const defaults = fields.filter((field) => given.has(field.name) && field.default !== undefined);
  return Object.fromEntries([
    ...kept,
    ...defaults.map((field) => [field.name, formValue(field, field.default)] as const),
  ]);
}

/** Only the fields of the prompt are used, so that a dataset can have more columns. Other inputs keep their values. */
async function fill(session: InputOwner, { row, file, dataset }: Filling): Promise<void> {
  const { fieldColumns } = await import('../../core/datasets/field-columns.ts');
  const columns = fieldColumns(row, session.fields);
  const taken = session.fields.filter(({ name }) => columns.has(name));
  if (!taken.length) {
    const names = session.fields.map((field) => field.name).join(', ');
    throw new UserError('None of the row’s columns is an input of this prompt.', {
      code: 'invalid-input',
      hint: names ? `Inputs of the prompt: ${names}.` : 'The prompt declares no inputs.',
    });
  }
  const values = Object.fromEntries(
    taken.map((field) => [field.name, formValue(field, row[columns.get(field.name) ?? ''])]),
  );
  const input = { ...withoutRow(session, dataset), ...values };
  if (dataset) dataset.filled = taken.map(({ name }) => name);
  if (session.fillInput) await session.fillInput(input, dataset);
  else await session.setInput(input);
  const known = new Set([...session.fields.map(({ name }) => name), ...columns.values()]);
  reportIgnored(session, { file, ignored: Object.keys(row).filter((name) => !known.has(name)) });
}

/** Columns that were already reported for a prompt and a file. They are reported once. */
const reported = new Set<string>();

function reportIgnored({ source }: InputOwner, { file, ignored }: { file: string; ignored: string[] }): void {
  const key = JSON.stringify([source.path, file, ignored]);
  if (ignored.length === 0 || reported.has(key)) return;
  reported.add(key);
  const what = ignored.length === 1 ? 'a column' : 'columns';
  const text = `Ignored ${what} of ${path.basename(file)} that this prompt does not use: ${ignored.join(', ')}.`;
  void vscode.window.showInformationMessage(plainMessage(text));
}
