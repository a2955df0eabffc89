import { type MessageOptions, window } from 'vscode';
import { UserError } from '../../../core/base/errors.ts';
import type { EvalSpec } from '../../../core/evals/file/eval-spec.ts';
import type { EvalJob } from '../../../core/evals/run/eval-job.ts';
import type { ResumePlan } from '../../../core/evals/run/eval-plan.ts';
import type { EvalListed, EvalRecord } from '../../../core/store/evals/eval-record.ts';
import type { Workbench } from '../../../core/workbench.ts';
import { plainLines, plainMessage } from '../../host/plain-text.ts';
import { type RunningJob, showJobProgress, USUALLY_SHORT } from '../../shell/job-progress.ts';
import { requireTrust } from '../../shell/prompt-targets.ts';
import { describeContinuation, describePlan } from '../describe-plan.ts';
import { openEvaluationPanel } from '../evaluation-panel.ts';
import { confirm, confirmRun, followEvaluation, planEvaluation } from '../start-evaluation.ts';
import { type EvaluationCommandDeps, findEvaluationFile, findResult, resultTargetOf } from './evaluation-targets.ts';
import { pickCases } from './pick-cases.ts';

/** Runs an evaluation file: checks it, asks before something is sent, and shows its result while it runs. */
export async function runEvaluation(deps: EvaluationCommandDeps, target: unknown): Promise<void> {
  requireTrust();
  const uri = await findEvaluationFile(deps, target, 'Run Evaluation');
  if (!uri) return;
  const workbench = await deps.workbenches.for(uri);
  await runSpec(deps, workbench, await workbench.evals.read(uri.fsPath));
}

/** Runs what was read from a file or put together by a command. */
export async function runSpec(deps: EvaluationCommandDeps, workbench: Workbench, spec: EvalSpec): Promise<void> {
  const plan = await planEvaluation(workbench, spec);
  if (!(await confirmRun(plan))) return;
  await showWhileItRuns(deps, await workbench.evals.start(plan));
}

async function showWhileItRuns(deps: EvaluationCommandDeps, job: EvalJob): Promise<EvalRecord | undefined> {
  const following = followEvaluation(deps, job);
  await openEvaluationPanel(deps, { id: job.evaluationId });
  const record = await following;
  if (record?.state === 'done') deps.steps.done('evaluate');
  return record;
}

/** Says what a run would send and cost. Nothing is sent, and no button does: one Enter too much must not cost money. */
export async function estimateEvaluation(deps: EvaluationCommandDeps, target: unknown): Promise<void> {
  requireTrust();
  const uri = await findEvaluationFile(deps, target, 'Estimate Cost of Evaluation');
  if (!uri) return;
  const workbench = await deps.workbenches.for(uri);
  const plan = await planEvaluation(workbench, await workbench.evals.read(uri.fsPath));
  const { details } = describePlan(plan);
  const options: MessageOptions = { modal: true, detail: plainLines(details) };
  const close = { title: 'Close', isCloseAffordance: true };
  await window.showInformationMessage(plainMessage(`Estimate for ${plan.spec.name}`), options, close);
}

const RESUMABLE = new Set(['paused', 'stopped', 'budget', 'failed', 'interrupted']);

/** Continues a paused evaluation, or a result that is not complete. */
export async function resumeEvaluation(deps: EvaluationCommandDeps, target: unknown): Promise<void> {
  requireTrust();
  const found = await findResult(deps, target, {
    title: 'Resume Evaluation',
    accepts: ({ state }) => RESUMABLE.has(state),
    none: 'No evaluation was paused or stopped.',
  });
  if (!found) return;
  const { workbench, result } = found;
  const own = activeJob(workbench, result);
  if (own) return own.continue();
  const plan = await planContinuation(workbench, result, 'unanswered');
  if (!(await confirm(describeContinuation({ name: result.name, verb: 'Resume', plan }), 'Resume'))) return;
  await showWhileItRuns(deps, await workbench.evals.resume(result.id));
}

/** Scores the stored answers by the metrics as they are now. Nothing is sent. */
export async function rescoreEvaluation(deps: EvaluationCommandDeps, target: unknown): Promise<void> {
  requireTrust();
  const found = await findResult(deps, target, {
    title: 'Re-score Evaluation',
    accepts: (result) => !isActive(result),
  });
  if (!found) return;
  await showWhileItRuns(deps, await found.workbench.evals.rescore(found.result.id));
}

/** Answers some cases of a result again, or what has changed since it in a new result. */
export async function rerunEvaluation(deps: EvaluationCommandDeps, target: unknown): Promise<void> {
  requireTrust();
  const title = 'Re-run Cases of Evaluation';
  const found = await findResult(deps, target, {
    title,
    accepts: (result) => !isActive(result),
  });
  if (!found) return;
  const { workbench, result } = found;
  const picked = resultTargetOf(target)?.cases ?? (await pickCases(result, title));
  if (!picked) return;
  if (picked === 'changed') return rerunChanged(deps, workbench, result);
  const cases = picked === 'all' ? Array.from({ length: result.counts.cases }, (_, place) => place) : picked;
  const plan = await planContinuation(workbench, result, cases);
  if (!(await confirm(describeContinuation({ name: result.name, verb: 'Re-run cases of', plan }), 'Re-run'))) return;
  await showWhileItRuns(deps, await workbench.evals.rerun(result.id, { cases }));
}

/** A new result: the prompts and rows as they are now, with the stored answers to all that has not changed. */
async function rerunChanged(
  deps: EvaluationCommandDeps,
  workbench: Workbench,
  { id, name }: EvalListed,
): Promise<void> {
  const work = ({ signal }: RunningJob) => workbench.evals.planChanged(id, { signal });
  const plan = await showJobProgress(`Checking ${name}`, work, USUALLY_SHORT).catch(showUnchanged);
  if (!plan) return;
  const [changes = '', ...others] = plan.notices;
  if (!(await confirmRun(plan, others))) return;
  const record = await showWhileItRuns(deps, await workbench.evals.start(plan));
  if (record?.state === 'done') void offerComparison(deps, { name, changes, id: record.id, against: id });
}

/** That there is nothing to run is no error. */
function showUnchanged(error: unknown): undefined {
  if (!(error instanceof UserError) || error.code !== 'unchanged') throw error;
  void window.showInformationMessage(plainMessage([error.message, error.hint].filter(Boolean).join(' ')));
}

interface Offered {
  name: string;
  /** What changed since the earlier result. */
  changes: string;
  id: string;
  against: string;
}

async function offerComparison(deps: EvaluationCommandDeps, { name, changes, id, against }: Offered): Promise<void> {
  const text = `${name} has a new result, and the earlier one is kept. ${changes}`;
  if ((await window.showInformationMessage(plainMessage(text), 'Compare')) !== 'Compare') return;
  await openEvaluationPanel(deps, { id, against });
}

type Continued = Parameters<Workbench['evals']['planResume']>[1];

/** The states of all cells are read, which takes a moment for a large result. */
function planContinuation({ evals }: Workbench, { id, name }: EvalListed, cases: Continued): Promise<ResumePlan> {
  return showJobProgress(`Checking ${name}`, () => evals.planResume(id, cases), USUALLY_SHORT);
}

/** Stops an evaluation. What was answered is kept, and it can be resumed. */
export async function stopEvaluation(deps: EvaluationCommandDeps, target: unknown): Promise<void> {
  const found = await findActive(deps, target, 'Stop Evaluation');
  if (!found) return;
  const own = activeJob(found.workbench, found.result);
  if (own) own.cancel();
  else await found.workbench.jobs.cancel(found.result.id);
}

/** Starts no more requests until it is resumed. */
export async function pauseEvaluation(deps: EvaluationCommandDeps, target: unknown): Promise<void> {
  const found = await findActive(deps, target, 'Pause Evaluation');
  if (!found) return;
  const own = activeJob(found.workbench, found.result);
  if (own) return own.pause();
  const text = `${found.result.name} runs in another window. Pause it there, or stop it.`;
  void window.showInformationMessage(plainMessage(text));
}

function findActive(deps: EvaluationCommandDeps, target: unknown, title: string) {
  return findResult(deps, target, { title, accepts: isActive, none: 'No evaluation is running.' });
}

function activeJob({ evals }: Workbench, { id }: EvalListed): EvalJob | undefined {
  return evals.active().find(({ evaluationId }) => evaluationId === id);
}

function isActive({ state }: EvalListed): boolean {
  return state === 'running' || state === 'paused';
}
