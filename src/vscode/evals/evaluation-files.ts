import path from 'node:path';
import * as vscode from 'vscode';
import { plainLabel } from '../host/plain-text.ts';

const PATTERN = '**/*.eval.yaml';
const MOST_FILES = 2000;
const ENDING = '.eval.yaml';

/** The evaluation files of a folder, by their paths. */
export async function findEvaluationFiles(folder: vscode.WorkspaceFolder): Promise<vscode.Uri[]> {
  const pattern = new vscode.RelativePattern(folder, PATTERN);
  const found = await vscode.workspace.findFiles(pattern, '**/node_modules/**', MOST_FILES);
  return found.sort((a, b) => a.path.localeCompare(b.path));
}

export function isEvaluationFile(uri: vscode.Uri): boolean {
  return uri.path.toLowerCase().endsWith(ENDING);
}

/** `churn` of `evals/churn.eval.yaml`. */
export function evaluationFileName(file: string): string {
  const name = path.basename(file);
  return name.toLowerCase().endsWith(ENDING) ? name.slice(0, -ENDING.length) : name;
}

/** Watches for evaluation files that are created, changed or deleted. */
export function watchEvaluationFiles(onChange: (uri: vscode.Uri) => void): vscode.Disposable {
  const watcher = vscode.workspace.createFileSystemWatcher(PATTERN);
  return vscode.Disposable.from(
    watcher,
    watcher.onDidCreate(onChange),
    watcher.onDidChange(onChange),
    watcher.onDidDelete(onChange),
  );
}

/** An entry of a quick pick for each file. */
export function evaluationFileItems(files: readonly vscode.Uri[]): (vscode.QuickPickItem & { uri: vscode.Uri })[] {
  return files.map((uri) => ({
    label: plainLabel(evaluationFileName(uri.path)),
    description: plainLabel(vscode.workspace.asRelativePath(uri)),
    uri,
  }));
}
