import * as vscode from 'vscode';
import { isAbortError, toErrorInfo } from '../../../core/base/errors.ts';
import type { EvalSpec } from '../../../core/evals/file/eval-spec.ts';
import type { Workbench } from '../../../core/workbench.ts';
import { requireTrust } from '../../shell/prompt-targets.ts';
import { findEvaluationFiles } from '../evaluation-files.ts';
import { newestResultOf } from '../newest-result.ts';
import type { FollowDeps } from '../start-evaluation.ts';
import { locateAll } from './locate-cases.ts';
import { runTestSelection } from './run-selection.ts';
import { TestItems, type TestTarget } from './test-items.ts';
import { selectionsOf, type TestSelection } from './test-selection.ts';
import { subjectTitles } from './test-subjects.ts';

/** Evaluations in the Test Explorer: files, their prompts, and cases. Items are read when they are opened. */
export class EvaluationTests implements vscode.Disposable {
  readonly #deps: FollowDeps;
  readonly #controller: vscode.TestController;
  readonly #items: TestItems;

  constructor(deps: FollowDeps) {
    this.#deps = deps;
    this.#controller = vscode.tests.createTestController('llmops.evaluations', 'LLMOps Evaluations');
    this.#items = new TestItems(this.#controller);
    this.#controller.resolveHandler = (item) => (item ? this.#open(item) : this.list());
    this.#controller.refreshHandler = () => this.list();
    const { Run } = vscode.TestRunProfileKind;
    this.#controller.createRunProfile('Run Evaluation', Run, (request, token) => this.#run(request, token), true);
  }

  /** Reads which files there are. */
  async list(): Promise<void> {
    const folders = vscode.workspace.workspaceFolders ?? [];
    const files = (await Promise.all(folders.map(findEvaluationFiles))).flat();
    const known = new Set(files.map((uri) => uri.toString()));
    for (const [id] of this.#controller.items) if (!known.has(id)) this.#controller.items.delete(id);
    for (const uri of files) this.#items.file(uri);
  }

  /** The file was saved: what is shown below it may be different. */
  async changed(uri: vscode.Uri): Promise<void> {
    const item = this.#controller.items.get(uri.toString());
    if (item && item.children.size > 0) await this.#open(item);
  }

  dispose(): void {
    this.#controller.dispose();
  }

  async #open(item: vscode.TestItem): Promise<void> {
    const target = this.#items.targetOf(item);
    if (!target) return;
    item.error = undefined;
    item.busy = true;
    try {
      const { workbench, spec } = await this.#read(target.uri);
      if (target.kind === 'file') this.#items.subjects(item, target.uri, spec);
      else if (target.kind === 'subject') await this.#openCases(item, workbench, spec);
    } catch (error) {
      item.error = textOf(error);
    } finally {
      item.busy = false;
    }
  }

  async #read(uri: vscode.Uri): Promise<{ workbench: Workbench; spec: EvalSpec }> {
    const workbench = await this.#deps.workbenches.for(uri);
    return { workbench, spec: await workbench.evals.read(uri.fsPath) };
  }

  /** Of the newest result, in which those that failed come first, and of the dataset. */
  async #openCases(item: vscode.TestItem, { store }: Workbench, spec: EvalSpec): Promise<void> {
    const result = await newestResultOf(this.#deps.workbenches, vscode.Uri.file(spec.path));
    this.#items.cases(item, await locateAll(store, spec, result));
  }

  async #run(request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> {
    const included = request.include ?? [...this.#controller.items].map(([, item]) => item);
    const excluded = Map.groupBy(this.#targetsOf(request.exclude ?? []), ({ target }) => target.uri.toString());
    const run = this.#controller.createTestRun(request);
    try {
      for (const [file, ofFile] of Map.groupBy(this.#targetsOf(included), ({ target }) => target.uri.toString())) {
        if (token.isCancellationRequested) break;
        try {
          requireTrust();
          const { spec } = await this.#read(vscode.Uri.parse(file));
          const selections = selectionsOf({
            included: ofFile.map(toTarget),
            excluded: (excluded.get(file) ?? []).map(toTarget),
            titles: subjectTitles(spec),
          });
          for (const selection of selections) await this.#runSelection(run, vscode.Uri.parse(file), selection, token);
        } catch (error) {
          this.#reportError(run, ofFile, error);
        }
      }
    } finally {
      run.end();
    }
  }

  #targetsOf(items: readonly vscode.TestItem[]): Targeted[] {
    return items.flatMap((item) => {
      const target = this.#items.targetOf(item);
      return target ? [{ item, target }] : [];
    });
  }

  async #runSelection(
    run: vscode.TestRun,
    uri: vscode.Uri,
    selection: TestSelection,
    token: vscode.CancellationToken,
  ): Promise<void> {
    if (token.isCancellationRequested) return;
    const { workbench, spec } = await this.#read(uri);
    const file = { item: this.#items.file(uri), spec };
    await runTestSelection({ ...this.#deps, workbench, items: this.#items, run, token }, file, selection);
  }

  /** A cancelled run has no outcome. */
  #reportError(run: vscode.TestRun, targeted: readonly Targeted[], error: unknown): void {
    for (const { item } of targeted) {
      if (isAbortError(error)) run.skipped(item);
      else run.errored(item, new vscode.TestMessage(textOf(error)));
    }
  }
}

interface Targeted {
  item: vscode.TestItem;
  target: TestTarget;
}

function toTarget({ target }: Targeted): TestTarget {
  return target;
}

function textOf(error: unknown): string {
  const { message, hint } = toErrorInfo(error);
  return [message, hint].filter(Boolean).join(' ');
}
