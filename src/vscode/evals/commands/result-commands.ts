import * as vscode from 'vscode';
import { UserError } from '../../../core/base/errors.ts';
import type { EvalListed } from '../../../core/store/evals/eval-record.ts';
import { formatCount } from '../../../shared/format.ts';
import { plainMessage } from '../../host/plain-text.ts';
import { requireTrust } from '../../shell/prompt-targets.ts';
import { openEvaluationPanel } from '../evaluation-panel.ts';
import { exportResult } from '../export-result.ts';
import { findStoredResult } from '../find-stored-result.ts';
import { type EvaluationCommandDeps, findResult, pickResults, resultTargetOf, rowOf } from './evaluation-targets.ts';

/** Opens the panel of a result, or of the newest one of an evaluation file. */
export async function openResults(deps: EvaluationCommandDeps, target: unknown): Promise<void> {
  const row = rowOf(target);
  const given = row?.kind === 'case' ? { evaluationId: row.evaluationId, place: row.place } : target;
  const found = await findResult(deps, given, { title: 'Open Evaluation Results' });
  if (!found) return;
  const { result, place } = found;
  await openEvaluationPanel(deps, { id: result.id, ...(place === undefined ? {} : { place }) });
}

/** Opens the newer of two results, compared with the older one. */
export async function compareResults(
  deps: EvaluationCommandDeps,
  target: unknown,
  selected: readonly unknown[],
): Promise<void> {
  const [older, newer] = await twoResults(deps, target, selected);
  if (!older || !newer) return;
  await openEvaluationPanel(deps, { id: newer.id, against: older.id });
}

async function twoResults(
  { workbenches }: EvaluationCommandDeps,
  target: unknown,
  selected: readonly unknown[],
): Promise<EvalListed[]> {
  const listed = async (id: string) => ({ ...(await findStoredResult(workbenches, id)).record, bytes: 0 });
  const ids = selected.flatMap((row) => resultTargetOf(row)?.evaluationId ?? []);
  if (ids.length > 0) {
    if (ids.length === 2) return byAge(await Promise.all(ids.map(listed)));
    throw new UserError('Select exactly two results to compare.', { code: 'usage' });
  }
  const { store } = await workbenches.for();
  const title = 'Compare Evaluations';
  const first = resultTargetOf(target)?.evaluationId;
  const none = 'Two results are needed. Run an evaluation again first.';
  if (first === undefined) {
    const placeHolder = 'Select two results';
    const picked = await pickResults(store, { title, none, least: 2, canPickMany: true, placeHolder });
    if (picked.length === 0 || picked.length === 2) return byAge(picked);
    throw new UserError('Select exactly two results to compare.', { code: 'usage' });
  }
  const accepts = ({ id }: EvalListed) => id !== first;
  const placeHolder = 'Select the result to compare with';
  const [other] = await pickResults(store, { title, none, accepts, canPickMany: false, placeHolder });
  return other ? byAge([await listed(first), other]) : [];
}

function byAge(results: readonly EvalListed[]): EvalListed[] {
  return results.toSorted((a, b) => a.startedAt - b.startedAt);
}

/** Pinned results are listed first where a baseline is chosen. */
export async function pinResult(deps: EvaluationCommandDeps, target: unknown, isPinned: boolean): Promise<void> {
  requireTrust();
  const found = await findResult(deps, target, {
    title: isPinned ? 'Pin Evaluation Result' : 'Unpin Evaluation Result',
    accepts: (result) => result.isPinned !== isPinned,
    none: isPinned ? 'Every result is pinned.' : 'No result is pinned.',
  });
  if (!found) return;
  await found.workbench.store.evals.pin(found.result.id, isPinned);
  deps.workbenches.evaluationsChanged();
}

/** Deletes results after a confirmation. What they cost stays in the spending. */
export async function deleteResults(
  deps: EvaluationCommandDeps,
  target: unknown,
  selected: readonly unknown[],
): Promise<void> {
  requireTrust();
  const { workbenches } = deps;
  const several = selected.flatMap((row) => resultTargetOf(row)?.evaluationId ?? []);
  const found = several.length > 0 ? undefined : await findResult(deps, target, { title: 'Delete Evaluation Result' });
  const ids = found ? [found.result.id] : several;
  if (ids.length === 0) return;
  const { store, evals } = found?.workbench ?? (await workbenches.for());
  const running = new Set(evals.active().map(({ evaluationId }) => evaluationId));
  if (ids.some((id) => running.has(id))) {
    throw new UserError('An evaluation that is running cannot be deleted.', { code: 'usage', hint: 'Stop it first.' });
  }
  const what = found ? `the result of ${found.result.name}` : formatCount(ids.length, 'result');
  const when = found && `It is from ${new Date(found.result.startedAt).toLocaleString()}. `;
  const detail = `${when ?? ''}Its answers, scores, ratings and comments will be lost.`;
  const question = plainMessage(`Delete ${what}?`);
  if (!(await vscode.window.showWarningMessage(question, { modal: true, detail }, 'Delete'))) return;
  await store.evals.delete(ids);
  workbenches.evaluationsChanged();
}

export async function exportEvaluation(deps: EvaluationCommandDeps, target: unknown): Promise<void> {
  const found = await findResult(deps, target, { title: 'Export Evaluation Result' });
  if (!found) return;
  await exportResult(deps, found.workbench, { id: found.result.id, format: resultTargetOf(target)?.format });
}
