import * as vscode from 'vscode';
import type { ConfigKind } from '../../../core/config/config-kind.ts';
import type { ConfigProblem } from '../../../core/config/config-problem.ts';
import type { Diagnostic } from '../../../core/prompts/prompt.ts';
import { createFileReader } from '../../host/files.ts';
import { readSetting } from '../../host/settings.ts';
import { toDiagnostic } from '../../shell/to-diagnostic.ts';
import { type EvaluationLanguageDeps, findNameProblems } from './name-diagnostics.ts';

const EXCLUDED = '**/{node_modules,.git,.llmops}/**';

interface CheckedFiles {
  files: number;
  diagnostics: readonly vscode.Diagnostic[];
}

/**
 * Diagnostics of evaluations and configuration files that are not open, once "Check All Prompts" has checked them. They are
 * kept current until the file is opened, when its editor has its own.
 */
export class ClosedChecks implements vscode.Disposable {
  readonly #deps: EvaluationLanguageDeps;
  readonly #collection = vscode.languages.createDiagnosticCollection('llmops-closed');
  readonly #checked = new Map<string, ConfigKind>();
  readonly #files = createFileReader();
  readonly #subscriptions: vscode.Disposable[];
  #isWatching = false;

  constructor(deps: EvaluationLanguageDeps) {
    this.#deps = deps;
    this.#subscriptions = [
      this.#collection,
      vscode.workspace.onDidOpenTextDocument(({ uri }) => this.#collection.delete(uri)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#checkAgain(uri)),
      // prompts that they name may have been added or removed
      deps.workspace.onDidChange(() => {
        for (const uri of this.#checked.keys()) this.#checkAgain(vscode.Uri.parse(uri));
      }),
    ];
  }

  /** Those of open files are shown already, and counted. */
  async check(signal: AbortSignal): Promise<CheckedFiles> {
    const kinds = await loadKinds();
    this.#watch(kinds);
    const diagnostics: vscode.Diagnostic[] = [];
    let files = 0;
    for (const kind of kinds) {
      for (const uri of await vscode.workspace.findFiles(`**/${kind.path}`, EXCLUDED)) {
        if (signal.aborted) return { files, diagnostics };
        this.#checked.set(uri.toString(), kind);
        await this.#report(uri, kind);
        diagnostics.push(...vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'LLMOps'));
        files += 1;
      }
    }
    return { files, diagnostics };
  }

  dispose(): void {
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }

  #watch(kinds: readonly ConfigKind[]): void {
    if (this.#isWatching) return;
    this.#isWatching = true;
    for (const { path } of kinds) {
      const watcher = vscode.workspace.createFileSystemWatcher(`**/${path}`);
      this.#subscriptions.push(
        watcher,
        watcher.onDidChange((uri) => this.#checkAgain(uri)),
        watcher.onDidDelete((uri) => {
          this.#checked.delete(uri.toString());
          this.#collection.delete(uri);
        }),
      );
    }
  }

  #checkAgain(uri: vscode.Uri): void {
    const kind = this.#checked.get(uri.toString());
    if (!kind) return;
    this.#report(uri, kind).catch((error) => this.#deps.log.error('Could not check a configuration file', error));
  }

  async #report(uri: vscode.Uri, kind: ConfigKind): Promise<void> {
    if (isOpen(uri)) return;
    const found = await this.#diagnose(uri, kind);
    // it may have been opened or deleted meanwhile
    if (!isOpen(uri) && this.#checked.has(uri.toString())) this.#collection.set(uri, found);
  }

  async #diagnose(uri: vscode.Uri, kind: ConfigKind): Promise<vscode.Diagnostic[]> {
    const [{ withChosenSeverity }, { positionAt }] = await Promise.all([
      import('../../../core/language/diagnostics/chosen-severity.ts'),
      import('../../../core/prompts/position.ts'),
    ]);
    const folder = vscode.workspace.getWorkspaceFolder(uri)?.uri.fsPath;
    if (folder === undefined) return [];
    const read = await kind.readText(this.#files, { file: uri.fsPath, folder });
    const text = 'text' in read ? read.text : '';
    const problems: ConfigProblem[] =
      'problem' in read
        ? [{ message: read.problem, where: uri.fsPath }]
        : [...(await kind.check(text, uri.fsPath, this.#files)), ...(await this.#names(text, uri))];
    const diagnostics = problems.map(
      ({ message, code = kind.code, severity = 'error', range = { start: 0, end: 0 } }): Diagnostic => {
        return { code, severity, message, range };
      },
    );
    const chosen = withChosenSeverity(diagnostics, readSetting('diagnostics.severity', uri));
    const at = (offset: number) => {
      const { line, column } = positionAt(text, offset);
      return new vscode.Position(line - 1, column - 1);
    };
    return Promise.all(chosen.map((one) => toDiagnostic(one, at, this.#deps)));
  }

  async #names(text: string, uri: vscode.Uri): Promise<ConfigProblem[]> {
    return uri.path.endsWith('.eval.yaml') ? findNameProblems(text, uri, this.#deps) : [];
  }
}

function isOpen(uri: vscode.Uri): boolean {
  return vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri.toString());
}

async function loadKinds(): Promise<readonly ConfigKind[]> {
  const [{ MODEL_CONFIG }, { EVAL_CONFIG }] = await Promise.all([
    import('../../../core/models/config-kinds.ts'),
    import('../../../core/evals/config-kinds.ts'),
  ]);
  return [...MODEL_CONFIG, ...EVAL_CONFIG];
}
