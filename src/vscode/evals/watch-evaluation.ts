import * as vscode from 'vscode';
import { Debounce } from '../../core/base/debounce.ts';
import { toErrorInfo } from '../../core/base/errors.ts';
import type { EvalSpec } from '../../core/evals/file/eval-spec.ts';
import { filesOfPlan } from '../../core/evals/plan/files-of-plan.ts';
import type { EvalPlan } from '../../core/evals/run/eval-plan.ts';
import type { EvalRecord } from '../../core/store/evals/eval-record.ts';
import { formatUsd } from '../../shared/format.ts';
import { plainMessage } from '../host/plain-text.ts';
import { describeResult } from './describe-result.ts';
import { evaluationFileName } from './evaluation-files.ts';
import { type FollowDeps, followEvaluation } from './start-evaluation.ts';

/** Several files are often saved together. */
const PAUSE_MS = 400;
/** What may repair an evaluation that could not be run. What a run itself writes must not start another one. */
const SOURCES = /\.(?:prompt|jsonl|json|csv|tsv|ya?ml|[cm]?[jt]s|py)$/;

interface Watched {
  uri: vscode.Uri;
  /** For all re-runs together. */
  limitUsd: number;
  spentUsd: number;
  /** Absolute paths whose changes matter. After a failure, those of the last plan; any source may repair it. */
  dependsOn: ReadonlySet<string>;
  /** What ran last: an edit that changes nothing of it, such as of a comment, runs nothing. */
  ranLast: string | undefined;
  failure: string | undefined;
  isRunning: boolean;
  /** Something changed during a run. */
  isOutdated: boolean;
}

/**
 * Evaluations that run again when a file that they depend on changes. Stored answers are reused, so that only what the
 * edit touches is sent. Nothing is watched after a reload: what costs money must not begin by itself.
 */
export class EvaluationWatch implements vscode.Disposable {
  readonly #deps: FollowDeps;
  readonly #watched = new Map<string, Watched>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #debounce: Debounce;
  #watcher: vscode.Disposable | undefined;
  readonly onDidChange = this.#changed.event;

  constructor(deps: FollowDeps) {
    this.#deps = deps;
    this.#debounce = new Debounce((error) => deps.log.error('Could not run a watched evaluation', error));
  }

  has(file: string): boolean {
    return this.#watched.has(file);
  }

  files(): vscode.Uri[] {
    return [...this.#watched.values()].map(({ uri }) => uri);
  }

  /** Starts with a run of the plan that the user agreed to. */
  start(uri: vscode.Uri, plan: EvalPlan, limitUsd: number): void {
    const watched: Watched = {
      uri,
      limitUsd,
      spentUsd: 0,
      dependsOn: dependenciesOf(plan),
      ranLast: undefined,
      failure: undefined,
      isRunning: false,
      isOutdated: false,
    };
    this.#watched.set(uri.fsPath, watched);
    this.#watcher ??= this.#watchFiles();
    this.#changed.fire();
    this.#runSoon(watched, 0);
  }

  stop(file: string): void {
    if (!this.#watched.delete(file)) return;
    this.#debounce.cancel(file);
    if (this.#watched.size === 0) {
      this.#watcher?.dispose();
      this.#watcher = undefined;
    }
    this.#changed.fire();
  }

  dispose(): void {
    vscode.Disposable.from(this.#debounce, this.#changed).dispose();
    this.#watcher?.dispose();
  }

  #watchFiles(): vscode.Disposable {
    // programs of users have any extension
    const watcher = vscode.workspace.createFileSystemWatcher('**/*');
    const onFile = ({ fsPath }: vscode.Uri) => {
      for (const watched of this.#watched.values()) {
        const mayRepair = watched.failure !== undefined && SOURCES.test(fsPath);
        if (mayRepair || watched.dependsOn.has(fsPath)) this.#runSoon(watched, PAUSE_MS);
      }
    };
    return vscode.Disposable.from(
      watcher,
      watcher.onDidCreate(onFile),
      watcher.onDidChange(onFile),
      watcher.onDidDelete(onFile),
    );
  }

  #runSoon(watched: Watched, pauseMs: number): void {
    if (watched.isRunning) watched.isOutdated = true;
    else this.#debounce.schedule(() => this.#run(watched), pauseMs, watched.uri.fsPath);
  }

  async #run(watched: Watched): Promise<void> {
    watched.isRunning = true;
    watched.isOutdated = false;
    try {
      await this.#runOnce(watched);
      watched.failure = undefined;
    } catch (error) {
      this.#showFailure(watched, error);
    } finally {
      watched.isRunning = false;
    }
    if (watched.isOutdated && this.has(watched.uri.fsPath)) this.#runSoon(watched, PAUSE_MS);
  }

  async #runOnce(watched: Watched): Promise<void> {
    const workbench = await this.#deps.workbenches.for(watched.uri);
    const spec = await workbench.evals.read(watched.uri.fsPath);
    const left = watched.limitUsd - watched.spentUsd;
    const plan = await workbench.evals.plan(withCache(spec), { maxCostUsd: left });
    watched.dependsOn = dependenciesOf(plan);
    const key = JSON.stringify([plan.stored, await contentKey(plan)]);
    if (key === watched.ranLast) return;
    const job = await workbench.evals.start(plan);
    const record = await followEvaluation(this.#deps, job, { shows: 'failures' });
    if (!record) return;
    watched.ranLast = key;
    if (!record.simulated) watched.spentUsd += record.totals.costUsd ?? 0;
    this.#showResult(watched, record);
  }

  #showResult(watched: Watched, record: EvalRecord): void {
    const text = `${record.name}: ${describeResult({ ...record, bytes: 0 }, '')}`;
    vscode.window.setStatusBarMessage(`$(beaker) ${text}`, 10_000);
    if (record.state !== 'budget' && watched.spentUsd < watched.limitUsd) return;
    this.stop(watched.uri.fsPath);
    const limit = formatUsd(watched.limitUsd);
    const message = `${record.name} is no longer watched, because its re-runs reached the limit of ${limit}. What was answered is kept.`;
    void vscode.window.showWarningMessage(plainMessage(message));
  }

  /** The same failure is shown once: files are often saved several times before they are right again. */
  #showFailure(watched: Watched, error: unknown): void {
    const { message } = toErrorInfo(error);
    if (watched.failure === message) return;
    watched.failure = message;
    const text = `${evaluationFileName(watched.uri.path)} was not run. ${message}`;
    void vscode.window.showWarningMessage(plainMessage(text));
  }
}

/** Watching means to pay for changes only, whatever the file says about stored answers. */
export function withCache(spec: EvalSpec): EvalSpec {
  return { ...spec, cache: 'read' };
}

function dependenciesOf(plan: EvalPlan): ReadonlySet<string> {
  const { texts, programs } = filesOfPlan(plan);
  return new Set([...texts, ...programs]);
}

/** Changes with each write of a dataset or a program, whose content the plan does not contain. */
async function contentKey(plan: EvalPlan): Promise<unknown> {
  const { datasets, programs } = filesOfPlan(plan);
  return Promise.all(
    [...datasets, ...programs].map(async (file) => {
      // an argument of a command need not be a file
      const stat = await vscode.workspace.fs.stat(vscode.Uri.file(file)).then(undefined, () => undefined);
      return [file, stat?.mtime, stat?.size];
    }),
  );
}
