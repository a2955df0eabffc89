import * as vscode from 'vscode';
import { requireTrust } from '../../shell/prompt-targets.ts';
import { describePlan } from '../describe-plan.ts';
import { evaluationFileItems } from '../evaluation-files.ts';
import { confirm, planEvaluation } from '../start-evaluation.ts';
import { withCache } from '../watch-evaluation.ts';
import { type EvaluationCommandDeps, findEvaluationFile, rowOf } from './evaluation-targets.ts';

/** Runs an evaluation, and again whenever a file that it depends on changes. Asks what all of it may cost. */
export async function watchEvaluation(deps: EvaluationCommandDeps, target: unknown): Promise<void> {
  requireTrust();
  const uri = await findEvaluationFile(deps, target, 'Watch Evaluation');
  if (!uri) return;
  const workbench = await deps.workbenches.for(uri);
  const spec = withCache(await workbench.evals.read(uri.fsPath));
  const limitUsd = await askLimit(spec.budgetUsd);
  if (limitUsd === undefined) return;
  const plan = await planEvaluation(workbench, spec, { maxCostUsd: limitUsd });
  const { question, details, isNeeded } = describePlan(plan);
  const more = 'It runs again after each change of a file that it depends on. Stored answers are reused.';
  const watchQuestion = question.replace(/^Run /, 'Watch ');
  if (!(await confirm({ question: watchQuestion, details: [...details, more], isNeeded }, 'Watch'))) return;
  deps.watch.start(uri, plan, limitUsd);
}

async function askLimit(budgetUsd: number | undefined): Promise<number | undefined> {
  const text = await vscode.window.showInputBox({
    title: 'Watch Evaluation: Limit',
    prompt: 'What all re-runs together may cost, in US dollars. Demo models cost nothing.',
    value: String(budgetUsd ?? 1),
    validateInput: (value) =>
      Number(value) > 0 && Number.isFinite(Number(value)) ? undefined : 'Enter a number above 0, such as 0.50.',
  });
  return text === undefined ? undefined : Number(text);
}

export async function unwatchEvaluation({ watch }: EvaluationCommandDeps, target: unknown): Promise<void> {
  const row = rowOf(target);
  if (row?.kind === 'file') return watch.stop(row.file);
  const files = watch.files();
  if (files.length === 0) {
    void vscode.window.showInformationMessage('No evaluation is watched.');
    return;
  }
  const options = { title: 'Stop Watching Evaluation', placeHolder: 'Select an evaluation' };
  const picked =
    files.length === 1 ? files[0] : (await vscode.window.showQuickPick(evaluationFileItems(files), options))?.uri;
  if (picked) watch.stop(picked.fsPath);
}
