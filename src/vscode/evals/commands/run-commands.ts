import { type MessageOptions, Uri, window } from 'vscode';
import { UserError } from '../../../core/base/errors.ts';
import type { EvalSpec } from '../../../core/evals/file/eval-spec.ts';
import type { EvalJob } from '../../../core/evals/run/eval-job.ts';
import type { EvalListed } from '../../../core/store/evals/eval-record.ts';
import type { Workbench } from '../../../core/workbench.ts';
import { plainMessage } from '../../host/plain-text.ts';
import { requireTrust } from '../../shell/prompt-targets.ts';
import { describeContinuation, describePlan, remainingCells } from '../describe-plan.ts';
import { openEvaluationPanel } from '../evaluation-panel.ts';
import { confirm, confirmRun, followEvaluation, planEvaluation } from '../start-evaluation.ts';
import { type EvaluationCommandDeps, findEvaluationFile, findResult, resultTargetOf } from './evaluation-targets.ts';
import { pickCases, type RerunCases } from './pick-cases.ts';

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

async function showWhileItRuns(deps: EvaluationCommandDeps, job: EvalJob): Promise<void> {
  const following = followEvaluation(deps, job);
  await openEvaluationPanel(deps, { id: job.evaluationId });
  if ((await following)?.state === 'done') deps.steps.done('evaluate');
}

/** Says what a run would send and cost. Nothing is sent. */
export async function estimateEvaluation(deps: EvaluationCommandDeps, target: unknown): Promise<void> {
  requireTrust();
  const uri = await findEvaluationFile(deps, target, 'Estimate Cost of Evaluation');
  if (!uri) return;
  const workbench = await deps.workbenches.for(uri);
  const plan = await planEvaluation(workbench, await workbench.evals.read(uri.fsPath));
  const { detail } = describePlan(plan);
  const options: MessageOptions = { modal: true, detail: plainMessage(detail) };
  const choice = await window.showInformationMessage(plainMessage(`Estimate for ${plan.spec.name}`), options, 'Run');
  if (choice) await showWhileItRuns(deps, await workbench.evals.start(plan));
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
  const confirmation = describeContinuation(result, { verb: 'Resume', requests: remainingCells(result) });
  if (!(await confirm(confirmation, 'Resume'))) return;
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

/** Answers some cases of a result again, or runs its file again where rows or prompts have changed. */
export async function rerunEvaluation(deps: EvaluationCommandDeps, target: unknown): Promise<void> {
  requireTrust();
  const title = 'Re-run Cases of Evaluation';
  const found = await findResult(deps, target, {
    title,
    accepts: (result) => !isActive(result),
  });
  if (!found) return;
  const { workbench, result } = found;
  const given = resultTargetOf(target)?.cases;
  const cases = given ?? (await pickCases(result, title));
  if (!cases) return;
  if (cases === 'changed') return rerunFile(deps, workbench, result);
  const confirmation = describeContinuation(result, {
    verb: 'Re-run cases of',
    requests: countRequests(result, cases),
  });
  if (!(await confirm(confirmation, 'Re-run'))) return;
  const all = Array.from({ length: result.counts.cases }, (_, place) => place);
  await showWhileItRuns(deps, await workbench.evals.rerun(result.id, { cases: cases === 'all' ? all : cases }));
}

/** A new result: the prompts and rows as they are now, with stored answers where nothing has changed. */
async function rerunFile(deps: EvaluationCommandDeps, workbench: Workbench, { file }: EvalListed): Promise<void> {
  const folder = deps.workbenches.folderOf();
  if (file === undefined || !folder) {
    throw new UserError('This result has no file to run again.', {
      code: 'usage',
      hint: 'Use Run on Dataset, or Save as Evaluation first.',
    });
  }
  const spec = await workbench.evals.read(Uri.joinPath(folder.uri, file).fsPath);
  await runSpec(deps, workbench, { ...spec, cache: spec.cache === 'off' ? 'off' : 'read' });
}

function countRequests({ counts }: EvalListed, cases: Exclude<RerunCases, 'changed'>): number {
  if (cases === 'failed') return counts.failed;
  if (cases === 'errors') return counts.errors;
  return cases === 'all' || counts.cases === 0 ? counts.cells : (cases.length * counts.cells) / counts.cases;
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
