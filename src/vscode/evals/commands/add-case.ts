import path from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../../../core/base/errors.ts';
import type { DatasetRow } from '../../../core/datasets/row.ts';
import type { RunSummary } from '../../../core/store/runs/run-record.ts';
import type { Store } from '../../../core/store/store.ts';
import { formatCount } from '../../../shared/format.ts';
import { plainLabel, plainMessage } from '../../host/plain-text.ts';
import { requireInWorkspace } from '../../host/workspace-files.ts';
import { requireTrust } from '../../shell/prompt-targets.ts';
import type { EvaluationCommandDeps } from './evaluation-targets.ts';
import { firstRows, isDataset, pickDataset } from './pick-dataset.ts';

/** A case to be: inputs with what was answered, which may be right or wrong. */
interface Candidate {
  inputs: Record<string, unknown>;
  answers: { label: string; text: string; isGood: boolean }[];
}

const MOST_RUNS = 100;

/** Adds inputs of runs as cases to a dataset: those of the open comparison, of selected runs, or of runs rated down. */
export async function addCases(
  deps: EvaluationCommandDeps,
  target: unknown,
  selected: readonly unknown[],
): Promise<void> {
  requireTrust();
  const candidates = await findCandidates(deps, target, selected);
  if (!candidates) return;
  const rows = await askExpected(candidates);
  const uri = rows && (await chooseDataset('Add as Case'));
  if (uri) await appendCases(uri, rows);
}

/** Adds rows that were copied from a spreadsheet, as CSV, JSON Lines or JSON. */
export async function pasteCases(target: unknown): Promise<void> {
  const { readPastedRows } = await import('../../../core/datasets/pasted-rows.ts');
  const text = await vscode.env.clipboard.readText();
  if (text.trim() === '') {
    throw new UserError('The clipboard has no text.', {
      code: 'usage',
      hint: 'Copy cells with a header row from a spreadsheet, or lines of CSV or JSON.',
    });
  }
  const rows = await readPastedRows(text);
  const uri = isDataset(target) ? target : await chooseDataset('Paste Cases into Dataset');
  if (uri) await appendRowsTo(uri, rows);
}

async function findCandidates(
  { workbenches }: EvaluationCommandDeps,
  target: unknown,
  selected: readonly unknown[],
): Promise<Candidate[] | undefined> {
  const runs = (selected.length > 0 ? selected : [target]).flatMap((row) => runOf(row) ?? []);
  const { store } = await workbenches.for();
  if (runs.length > 0) return readRuns(store, runs);
  const { activeComparison } = await import('../../compare/compare-panel.ts');
  const session = await activeComparison().catch(() => undefined);
  if (session) {
    const answers = session.snapshot().columns.flatMap(({ model, runs: ofColumn }) => {
      return ofColumn.flatMap(({ text, rating }) => answerOf({ model, text, rating }) ?? []);
    });
    return [{ inputs: session.input, answers }];
  }
  const picked = await pickBadRuns(store);
  return picked && readRuns(store, picked);
}

function runOf(row: unknown): RunSummary | undefined {
  const { kind, run } = (row ?? {}) as { kind?: string; run?: RunSummary };
  return kind === 'run' ? run : undefined;
}

async function pickBadRuns({ runs }: Store): Promise<readonly RunSummary[] | undefined> {
  const found = await runs.list({ filter: { rating: 'down' }, limit: MOST_RUNS });
  if (found.length === 0) {
    throw new UserError('There is nothing to add: no comparison is open, and no run is rated down.', {
      code: 'usage',
      hint: 'Run a prompt in Compare, or rate the answers of runs that went wrong.',
    });
  }
  const items = found.map((run) => ({
    label: plainLabel(run.promptName),
    description: plainLabel(`${run.model} · ${new Date(run.startedAt).toLocaleString()}`),
    detail: plainLabel(run.text.slice(0, 120)),
    run,
  }));
  const options = { title: 'Add as Case', placeHolder: 'Select runs that were rated down', canPickMany: true } as const;
  const picked = await vscode.window.showQuickPick(items, options);
  return picked && picked.length > 0 ? picked.map(({ run }) => run) : undefined;
}

async function readRuns({ runs }: Store, listed: readonly RunSummary[]): Promise<Candidate[]> {
  const records = await Promise.all(listed.map(({ id }) => runs.get(id)));
  const found = records.flatMap((run) => run ?? []);
  if (found.length > 0)
    return found.map((run) => ({ inputs: run.input, answers: answerOf(run) ? [answerOf(run)!] : [] }));
  throw new UserError('The run is no longer in the history.', { code: 'store', hint: 'It was deleted.' });
}

function answerOf({
  model,
  text,
  rating,
}: Pick<RunSummary, 'model' | 'text'> & { rating?: 'up' | 'down' | undefined }) {
  // what is known to be wrong is not what is expected
  if (text === '' || rating === 'down') return undefined;
  return { label: model, text, isGood: rating === 'up' };
}

/** Which answer is expected, if any. An answer that is rated down is not offered; several cases take those rated up. */
async function askExpected(candidates: readonly Candidate[]): Promise<CaseRow[] | undefined> {
  const [only, ...others] = candidates;
  if (only === undefined || others.length > 0) {
    return candidates.map(({ inputs, answers }) => ({ inputs, expected: answers.find(({ isGood }) => isGood)?.text }));
  }
  const items = [
    { label: 'No Expected Answer', detail: 'It can be written into the dataset later', expected: undefined },
    ...only.answers.map(({ label, text }) => ({
      label: `Answer of ${plainLabel(label)}`,
      detail: plainLabel(text.slice(0, 200)),
      expected: text,
    })),
  ];
  if (items.length === 1) return [{ inputs: only.inputs, expected: undefined }];
  const options = { title: 'Add as Case', placeHolder: 'Select the expected answer' };
  const picked = await vscode.window.showQuickPick(items, options);
  return picked && [{ inputs: only.inputs, expected: picked.expected }];
}

interface CaseRow {
  inputs: Record<string, unknown>;
  expected: string | undefined;
}

const NEW = 'new';

async function chooseDataset(title: string): Promise<vscode.Uri | undefined> {
  const others = [{ label: '$(new-file) New Dataset…', name: NEW }];
  const picked = await pickDataset({ title, placeHolder: 'Select the dataset', others });
  if (picked !== NEW) return typeof picked === 'string' ? undefined : picked;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file('/');
  const uri = await vscode.window.showSaveDialog({
    title: 'New Dataset',
    defaultUri: vscode.Uri.joinPath(folder, 'data', 'cases.jsonl'),
    filters: { 'JSON Lines': ['jsonl'], CSV: ['csv'] },
  });
  if (uri) await vscode.workspace.fs.writeFile(uri, new Uint8Array());
  return uri;
}

/** Under the names that the dataset has: a reference goes to its column `ground_truth` if it has one. */
async function appendCases(uri: vscode.Uri, cases: readonly CaseRow[]): Promise<void> {
  const { caseRow } = await import('../../../core/evals/cases/case-row.ts');
  const columns = [...new Set((await firstRows(uri)).flatMap((row) => Object.keys(row)))];
  const rows = cases.map(({ inputs, expected }) =>
    caseRow({ inputs, expected: expected === undefined ? undefined : [expected] }, { columns, mapping: {} }),
  );
  await appendRowsTo(uri, rows);
}

/** As an edit of the open document, which can be undone and is not saved. */
async function appendRowsTo(uri: vscode.Uri, rows: readonly DatasetRow[]): Promise<void> {
  await requireInWorkspace(uri);
  const { appendRows } = await import('../../../core/datasets/edit/edit-rows.ts');
  const document = await vscode.workspace.openTextDocument(uri);
  const edit = new vscode.WorkspaceEdit();
  for (const { start, end, text } of appendRows(uri.path, document.getText(), rows)) {
    edit.replace(uri, new vscode.Range(document.positionAt(start), document.positionAt(end)), text);
  }
  if (!(await vscode.workspace.applyEdit(edit))) {
    throw new UserError(`${path.basename(uri.path)} could not be edited.`, { code: 'usage', hint: 'Is it read-only?' });
  }
  const last = new vscode.Position(Math.max(0, document.lineCount - 1), 0);
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(last, last) });
  const text = `Added ${formatCount(rows.length, 'case')} to ${path.basename(uri.path)}. Save it to keep ${rows.length === 1 ? 'it' : 'them'}.`;
  void vscode.window.showInformationMessage(plainMessage(text));
}
