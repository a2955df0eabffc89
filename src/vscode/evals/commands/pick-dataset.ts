import path from 'node:path';
import * as vscode from 'vscode';
import type { DatasetRow } from '../../../core/datasets/row.ts';
import { plainLabel, plainMessage } from '../../host/plain-text.ts';
import { streamWorkspaceFile } from '../../host/workspace-files.ts';

const DATASETS = '**/*.{jsonl,csv,tsv}';
const EXCLUDED = '**/{node_modules,.llmops}/**';
const MOST_FILES = 200;
/** How many rows tell what a dataset has. */
const FIRST_ROWS = 20;

interface DatasetItem extends vscode.QuickPickItem {
  uri?: vscode.Uri;
  other?: string;
}

interface PickDataset {
  title: string;
  placeHolder: string;
  /** Listed first: the dataset that the prompt names. */
  preferred?: vscode.Uri | undefined;
  /** What can be picked besides files, by a name. */
  others?: readonly { label: string; name: string; detail?: string }[];
}

/** A dataset of the workspace, any other file, or the name of another choice. Undefined if the user cancelled. */
export async function pickDataset(request: PickDataset): Promise<vscode.Uri | string | undefined> {
  const { title, placeHolder, preferred, others = [] } = request;
  const found = await vscode.workspace.findFiles(DATASETS, EXCLUDED, MOST_FILES);
  const isPreferred = (uri: vscode.Uri) => uri.toString() === preferred?.toString();
  const sorted = found.toSorted(
    (a, b) => Number(isPreferred(b)) - Number(isPreferred(a)) || a.path.localeCompare(b.path),
  );
  const items: DatasetItem[] = [
    ...sorted.map((uri) => ({
      label: `$(table) ${plainLabel(path.basename(uri.path))}`,
      description: plainLabel(vscode.workspace.asRelativePath(uri)),
      ...(isPreferred(uri) ? { detail: 'The dataset of the prompt' } : {}),
      uri,
    })),
    { label: '$(folder-opened) Browse…' },
    ...others.map(({ name, ...item }) => ({ ...item, other: name })),
  ];
  const picked = await vscode.window.showQuickPick(items, { title, placeHolder, matchOnDescription: true });
  if (!picked) return undefined;
  return picked.other ?? picked.uri ?? browse(title);
}

async function browse(title: string): Promise<vscode.Uri | undefined> {
  const filters = { Datasets: ['jsonl', 'ndjson', 'json', 'csv', 'tsv'] };
  return (await vscode.window.showOpenDialog({ title, filters, openLabel: 'Select' }))?.[0];
}

/** The first rows, which tell what the dataset has. */
export async function firstRows(uri: vscode.Uri): Promise<DatasetRow[]> {
  const { readFirstRows } = await import('../../../core/datasets/read-rows.ts');
  const onNotice = (text: string) => void vscode.window.showWarningMessage(plainMessage(text));
  const name = path.basename(uri.fsPath);
  return readFirstRows(name, streamWorkspaceFile(uri), { limit: FIRST_ROWS, onNotice });
}

export function isDataset(target: unknown): target is vscode.Uri {
  return target instanceof vscode.Uri && /\.(?:jsonl|ndjson|json|csv|tsv)$/i.test(target.path);
}
