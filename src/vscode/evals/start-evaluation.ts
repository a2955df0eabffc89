import * as vscode from 'vscode';
import { Throttle } from '../../core/base/throttle.ts';
import type { EvalSpec } from '../../core/evals/file/eval-spec.ts';
import type { EvalJob, FinishedCell } from '../../core/evals/run/eval-job.ts';
import type { EvalPlan, PlanOptions } from '../../core/evals/run/eval-plan.ts';
import type { EvalRecord } from '../../core/store/evals/eval-record.ts';
import type { Workbench } from '../../core/workbench.ts';
import { PANELS, VIEWS } from '../host/contributions.ts';
import { plainLines, plainMessage } from '../host/plain-text.ts';
import { showJobProgress, USUALLY_SHORT } from '../shell/job-progress.ts';
import type { PanelDeps } from '../shell/panel-host.ts';
import { type ErrorLog, showError } from '../shell/run-command.ts';
import { type Confirmation, describeFreeRun, describePlan } from './describe-plan.ts';
import { describeResult } from './describe-result.ts';

/** Plans an evaluation with progress, as all its cases are read. */
export function planEvaluation(
  { evals }: Pick<Workbench, 'evals'>,
  spec: EvalSpec,
  options: PlanOptions = {},
): Promise<EvalPlan> {
  return showJobProgress(
    `Checking ${spec.name}`,
    ({ signal }) => {
      const signals = [signal, options.signal].filter((one) => one !== undefined);
      return evals.plan(spec, { ...options, signal: AbortSignal.any(signals) });
    },
    USUALLY_SHORT,
  );
}

/** Asks before something is sent. True if nothing is, or the user agreed. The notices are shown where nothing is asked. */
export async function confirmRun(plan: EvalPlan, notices: readonly string[] = plan.notices): Promise<boolean> {
  const confirmation = describePlan(plan);
  if (confirmation.isNeeded) return confirm(confirmation, 'Run');
  vscode.window.setStatusBarMessage(`$(beaker) ${describeFreeRun(plan)}`, 8000);
  for (const notice of notices) void vscode.window.showWarningMessage(plainMessage(notice));
  return true;
}

/** The modal question, which is not asked if nobody receives data. */
export async function confirm({ question, details, isNeeded }: Confirmation, button: string): Promise<boolean> {
  if (!isNeeded) return true;
  const options = { modal: true, detail: plainLines(details) };
  return (await vscode.window.showInformationMessage(plainMessage(question), options, button)) === button;
}

/** Cells are stored many times a second. */
const INTERVAL_MS = 400;

/** The log is also shown to the user. */
export type FollowDeps = PanelDeps & { log: ErrorLog };

interface Following {
  /** Which ends get a message, if the caller shows the others. */
  shows?: 'every-end' | 'problems' | 'failures';
  /** Called with the cells that were stored. */
  onCells?(cells: readonly FinishedCell[]): void;
}

/**
 * Follows a job until its end: the progress bar of the view, notices, and what became of it. Does not reject, because
 * the result records why it failed. This is the only reader of the job's events.
 */
export async function followEvaluation(
  deps: FollowDeps,
  job: EvalJob,
  { shows = 'every-end', onCells }: Following = {},
): Promise<EvalRecord | undefined> {
  const changes = new Throttle(() => deps.workbenches.evaluationsChanged(), INTERVAL_MS);
  const pause = new PauseMessage(job);
  const read = async () => {
    for await (const event of job.events) {
      if (event.type === 'notice') void vscode.window.showWarningMessage(plainMessage(event.text));
      else if (event.type === 'eval-paused' && event.reason !== undefined) pause.show(event.reason);
      else if (event.type === 'eval-continued') pause.close();
      if (event.type === 'cells') onCells?.(event.cells);
      if (event.type === 'cells' || event.type.startsWith('eval-')) changes.request();
    }
    pause.close();
    changes.dispose();
  };
  await vscode.window.withProgress({ location: { viewId: VIEWS.evaluations } }, read);
  try {
    const record = await job.result;
    deps.workbenches.evaluationsChanged();
    // versions have other results, and the day's spending is another one
    deps.workbenches.runsChanged();
    // the evaluation has ended, even if its message stays open
    void showEnd(record, shows);
    return record;
  } catch (error) {
    void showError(error, deps.log);
    return undefined;
  }
}

function isPanelVisible(): boolean {
  const tabs = vscode.window.tabGroups.all.map(({ activeTab }) => activeTab?.input);
  return tabs.some((input) => input instanceof vscode.TabInputWebview && input.viewType.endsWith(PANELS.evaluation));
}

/**
 * Says why an evaluation waits, until it goes on by itself or ends. It is a progress notification, because an extension
 * cannot close a message.
 */
class PauseMessage {
  readonly #job: Pick<EvalJob, 'cancel'>;
  #close: (() => void) | undefined;

  constructor(job: Pick<EvalJob, 'cancel'>) {
    this.#job = job;
  }

  show(reason: string): void {
    this.close();
    const over = Promise.withResolvers<void>();
    this.#close = over.resolve;
    const title = plainMessage(`The evaluation is paused. ${reason} It continues by itself; Cancel stops it`);
    const location = vscode.ProgressLocation.Notification;
    void vscode.window.withProgress({ location, title, cancellable: true }, async (_, token) => {
      token.onCancellationRequested(() => this.#job.cancel());
      await over.promise;
    });
  }

  close(): void {
    this.#close?.();
    this.#close = undefined;
  }
}

/** The panel shows the end as well, but may be behind another editor by then. */
async function showEnd(record: EvalRecord, shows: NonNullable<Following['shows']>): Promise<void> {
  const { id, name, state, error } = record;
  const target = { evaluationId: id };
  if (state === 'budget' && shows !== 'failures') {
    const text = `${name} is not complete. ${error?.message ?? 'Stopped at its budget.'} What was answered is kept.`;
    const choice = await vscode.window.showWarningMessage(plainMessage(text), 'Resume');
    if (choice) await vscode.commands.executeCommand('llmops.evaluation.resume', target);
  } else if (state === 'failed') {
    const text = `${name} failed. ${[error?.message, error?.hint].filter(Boolean).join(' ')}`;
    const { action } = error ?? {};
    const choice = await vscode.window.showErrorMessage(plainMessage(text), ...(action ? [action.title] : []));
    if (choice && action) await vscode.commands.executeCommand(action.command, ...(action.args ?? []));
  } else if (shows === 'every-end' && state === 'done' && !isPanelVisible()) {
    const text = `${name}: ${describeResult({ ...record, bytes: 0 }, '')}`;
    const choice = await vscode.window.showInformationMessage(plainMessage(text), 'Open Results');
    if (choice) await vscode.commands.executeCommand('llmops.evaluation.openResults', target);
  }
}
