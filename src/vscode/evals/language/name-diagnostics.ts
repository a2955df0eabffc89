import * as vscode from 'vscode';
import { Debounce } from '../../../core/base/debounce.ts';
import type { Log } from '../../../core/base/ports.ts';
import type { ConfigProblem } from '../../../core/config/config-problem.ts';
import type { Diagnostic } from '../../../core/prompts/prompt.ts';
import { readSetting } from '../../host/settings.ts';
import { toDiagnostic } from '../../shell/to-diagnostic.ts';
import type { EditorNamesDeps } from './editor-names.ts';

export interface EvaluationLanguageDeps extends EditorNamesDeps {
  extensionUri: vscode.Uri;
  log: Log;
}

/** Longer than that of the schema's checks: git is asked about versions. */
const PAUSE_MS = 500;

/** Warnings about prompts, versions and models that do not exist, in open evaluation files. */
export function registerNameDiagnostics(
  selector: vscode.DocumentFilter,
  deps: EvaluationLanguageDeps,
): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection('llmops-evaluation-names');
  const debounce = new Debounce((error) => deps.log.error('Could not check the names in an evaluation file', error));
  const run = async (document: vscode.TextDocument) => {
    const { version } = document;
    const found = await findProblems(document, deps);
    if (!document.isClosed && document.version === version) collection.set(document.uri, found);
  };
  const check = (document: vscode.TextDocument) => {
    if (vscode.languages.match(selector, document) === 0) return;
    debounce.schedule(() => run(document), PAUSE_MS, document.uri.toString());
  };
  const checkAll = () => vscode.workspace.textDocuments.forEach(check);
  checkAll();
  return vscode.Disposable.from(
    collection,
    debounce,
    // prompts and models may have been added
    deps.workspace.onDidChange(checkAll),
    vscode.workspace.onDidOpenTextDocument(check),
    vscode.workspace.onDidSaveTextDocument(check),
    vscode.workspace.onDidChangeTextDocument(({ document }) => check(document)),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      debounce.cancel(uri.toString());
      collection.delete(uri);
    }),
  );
}

/** Of an evaluation file that may be open or not. */
export async function findNameProblems(
  text: string,
  uri: vscode.Uri,
  deps: EvaluationLanguageDeps,
): Promise<ConfigProblem[]> {
  const [{ checkNames }, { EditorNames }, { KNOWN_METRICS }] = await Promise.all([
    import('../../../core/evals/language/check-names.ts'),
    import('./editor-names.ts'),
    import('../../../core/evals/file/known-metrics.ts'),
  ]);
  return checkNames(text, { file: uri.fsPath, metrics: KNOWN_METRICS, checks: new EditorNames(deps, uri) });
}

async function findProblems(document: vscode.TextDocument, deps: EvaluationLanguageDeps): Promise<vscode.Diagnostic[]> {
  const { withChosenSeverity } = await import('../../../core/language/diagnostics/chosen-severity.ts');
  const problems = await findNameProblems(document.getText(), document.uri, deps);
  const diagnostics = problems.map(
    ({ code = 'evaluation-file', severity = 'warning', message, range = { start: 0, end: 0 } }): Diagnostic => {
      return { code, severity, message, range };
    },
  );
  const chosen = withChosenSeverity(diagnostics, readSetting('diagnostics.severity', document.uri));
  return Promise.all(chosen.map((one) => toDiagnostic(one, (offset) => document.positionAt(offset), deps)));
}
