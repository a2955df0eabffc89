import * as vscode from 'vscode';
import { toErrorInfo } from '../../../core/base/errors.ts';
import type { EvalSpec } from '../../../core/evals/file/eval-spec.ts';
import type { EvalListed } from '../../../core/store/evals/eval-record.ts';
import type { Workbench } from '../../../core/workbench.ts';
import { toAbortSignal } from '../../host/cancellation.ts';
import { requireTrust } from '../../shell/prompt-targets.ts';
import { findEvaluationFiles } from '../evaluation-files.ts';
import { newestResultOf } from '../newest-result.ts';
import { confirmRun, type FollowDeps, followEvaluation, planEvaluation } from '../start-evaluation.ts';
import { locateCases, locateRows } from './locate-cases.ts';
import { reportCase, reportFile } from './report-cells.ts';
import { columnsOf, TestItems, type TestTarget } from './test-items.ts';

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

  /** Of the newest result, in which those that failed come first, or else of the dataset. */
  async #openCases(item: vscode.TestItem, { store }: Workbench, spec: EvalSpec): Promise<void> {
    const result = await newestResultOf(this.#deps.workbenches, vscode.Uri.file(spec.path));
    this.#items.cases(item, await (result ? locateCases(store, spec, result) : locateRows(spec)));
  }

  async #run(request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> {
    const included = request.include ?? [...this.#controller.items].map(([, item]) => item);
    const targets = included.flatMap((item) => this.#items.targetOf(item) ?? []);
    const run = this.#controller.createTestRun(request);
    try {
      requireTrust();
      for (const [file, ofFile] of Map.groupBy(targets, ({ uri }) => uri.toString())) {
        if (token.isCancellationRequested) break;
        const caseIds = caseIdsOf(ofFile);
        await this.#runFile(run, vscode.Uri.parse(file), { caseIds, signal: toAbortSignal(token) });
      }
    } catch (error) {
      for (const item of included) run.errored(item, new vscode.TestMessage(textOf(error)));
    } finally {
      run.end();
    }
  }

  async #runFile(
    run: vscode.TestRun,
    uri: vscode.Uri,
    { caseIds, signal }: { caseIds: string[] | undefined; signal: AbortSignal },
  ): Promise<void> {
    const { workbench, spec } = await this.#read(uri);
    const file = this.#items.file(uri);
    run.started(file);
    const plan = await planEvaluation(workbench, spec, { cases: caseIds });
    if (!(await confirmRun(plan))) return run.skipped(file);
    const job = await workbench.evals.start(plan, { signal });
    const record = await followEvaluation(this.#deps, job, { isQuiet: true });
    if (!record) return run.errored(file, new vscode.TestMessage('The evaluation failed. The log has the reason.'));
    await this.#report(run, file, { workbench, spec, result: { ...record, bytes: 0 } });
  }

  /** The file, and each case below each of its prompts. */
  async #report(
    run: vscode.TestRun,
    file: vscode.TestItem,
    { workbench: { store }, spec, result }: { workbench: Workbench; spec: EvalSpec; result: EvalListed },
  ): Promise<void> {
    const located = await locateCases(store, spec, result);
    const places = located.map(({ place }) => place);
    const byCase = Map.groupBy(await store.evals.cells(result.id, places), (cell) => cell.case);
    for (const subject of this.#items.subjects(file, vscode.Uri.file(spec.path), spec)) {
      const columns = new Set(columnsOf(result, subject.id));
      const items = this.#items.cases(subject, located);
      for (const [index, { place, stored }] of located.entries()) {
        const item = items[index];
        const cells = (byCase.get(place) ?? []).filter(({ column }) => columns.has(column));
        if (item) reportCase(run, item, { result, stored, cells });
      }
    }
    reportFile(run, file, result);
  }
}

/** Only cases were selected: their IDs. Undefined if all cases run. */
function caseIdsOf(targets: readonly TestTarget[]): string[] | undefined {
  const ids = targets.flatMap((target) => (target.kind === 'case' ? [target.caseId] : []));
  return ids.length === targets.length ? [...new Set(ids)] : undefined;
}

function textOf(error: unknown): string {
  const { message, hint } = toErrorInfo(error);
  return [message, hint].filter(Boolean).join(' ');
}
