import * as vscode from 'vscode';
import { UserError } from '../../../core/base/errors.ts';
import type { Rerun } from '../../../core/evals/evals.ts';
import type { ReportFormat } from '../../../core/evals/report/report-format.ts';
import type { EvalListed } from '../../../core/store/evals/eval-record.ts';
import type { Workbench } from '../../../core/workbench.ts';
import { ageInWords } from '../../../shared/age.ts';
import { plainLabel } from '../../host/plain-text.ts';
import { LOST_ROW } from '../../shell/rows/row-arguments.ts';
import type { WalkthroughSteps } from '../../shell/walkthrough-steps.ts';
import { describeResult } from '../describe-result.ts';
import { evaluationFileItems, findEvaluationFiles, isEvaluationFile } from '../evaluation-files.ts';
import { findStoredResult } from '../find-stored-result.ts';
import { relativeTo } from '../newest-result.ts';
import type { FollowDeps } from '../start-evaluation.ts';
import type { EvaluationsNode } from '../view/evaluations-node.ts';
import type { EvaluationsView } from '../view/evaluations-view.ts';
import type { EvaluationWatch } from '../watch-evaluation.ts';

export interface EvaluationCommandDeps extends FollowDeps {
  view: EvaluationsView;
  watch: EvaluationWatch;
  steps: WalkthroughSteps;
}

/** The argument of keybindings of the view. Unlike a menu, a keybinding does not pass the row. */
export const FOCUSED_ROW = 'focused';
const MOST_RESULTS = 200;

/** How a message, a panel or another command names a result, and possibly a case of it. */
export interface ResultTarget {
  evaluationId: string;
  /** The place of a case. */
  place?: number;
  /** The format of an export, which is asked for otherwise. */
  format?: ReportFormat;
  /** What is answered again, which is asked for otherwise. */
  cases?: Rerun['cases'] | 'all' | 'changed';
}

function isResultTarget(target: unknown): target is ResultTarget {
  return typeof (target as Partial<ResultTarget> | undefined)?.evaluationId === 'string';
}

/** The row, if the target is one of the view. */
export function rowOf(target: unknown): EvaluationsNode | undefined {
  const { kind } = (target ?? {}) as Partial<EvaluationsNode>;
  return kind === undefined ? undefined : (target as EvaluationsNode);
}

/** What a target names, without asking: a result by its ID or its row. */
export function resultTargetOf(target: unknown): ResultTarget | undefined {
  if (isResultTarget(target)) return target;
  const row = rowOf(target);
  return row?.kind === 'result' ? { evaluationId: row.result.id } : undefined;
}

interface FindResult {
  title: string;
  /** Which results make sense. */
  accepts?(result: EvalListed): boolean;
  /** What to say if there is none. */
  none?: string;
}

/** A result as it is now, for a command: the given one, or else the one that the user picks. */
export async function findResult(
  { workbenches, view }: Pick<EvaluationCommandDeps, 'workbenches' | 'view'>,
  given: unknown,
  options: FindResult,
): Promise<{ workbench: Workbench; result: EvalListed; place: number | undefined } | undefined> {
  const target = given === FOCUSED_ROW ? await view.focused() : given;
  if (given === FOCUSED_ROW && !resultTargetOf(target)) return undefined;
  const named = resultTargetOf(target);
  if (named) {
    const { record, workbench } = await findStoredResult(workbenches, named.evaluationId);
    return { workbench, result: { ...record, bytes: 0 }, place: named.place };
  }
  const file = fileOf(target);
  const workbench = await workbenches.for(file);
  const relative = file && relativeTo(workbenches, file);
  const result = await pickResult(workbench, { ...options, file: relative });
  return result && { workbench, result, place: undefined };
}

async function pickResult(
  { store }: Workbench,
  { title, file, accepts = () => true, none }: FindResult & { file?: string | undefined },
): Promise<EvalListed | undefined> {
  const [only] = await pickResults(store, { title, file, accepts, none, canPickMany: false });
  return only;
}

interface PickResults extends FindResult {
  file?: string | undefined;
  canPickMany: boolean;
  placeHolder?: string;
  /** How many have to be there, 1 unless set. */
  least?: number;
}

/** Lets the user pick from the newest results. Throws UserError if there are none, or too few. */
export async function pickResults({ evals }: Workbench['store'], options: PickResults): Promise<EvalListed[]> {
  const { title, file, accepts = () => true, canPickMany, none, least = 1 } = options;
  const found = await evals.list({ limit: MOST_RESULTS, ...(file === undefined ? {} : { file }) });
  const results = found.filter(accepts);
  if (results.length < least) throw noResults(none);
  const { resultIcon } = await import('../view/evaluation-items.ts');
  const items = results.map((result) => ({
    label: plainLabel(result.name),
    iconPath: resultIcon(result),
    description: plainLabel(describeResult(result, ageInWords(result.startedAt, Date.now()))),
    ...(result.isPinned ? { detail: 'pinned' } : {}),
    result,
  }));
  const shown = { title, placeHolder: options.placeHolder ?? 'Select a result', matchOnDescription: true };
  if (canPickMany) {
    const picked = await vscode.window.showQuickPick(items, { ...shown, canPickMany: true });
    return (picked ?? []).map(({ result }) => result);
  }
  const picked = await vscode.window.showQuickPick(items, shown);
  return picked ? [picked.result] : [];
}

function noResults(none: string | undefined): UserError {
  if (none !== undefined) return new UserError(none, { code: 'usage' });
  return new UserError('There are no results of evaluations yet.', {
    code: 'usage',
    hint: 'Run an evaluation first.',
    action: { command: 'llmops.evaluation.run', title: 'Run Evaluation' },
  });
}

/** The evaluation file that a command applies to: the given one, the one in the editor, or the one that the user picks. */
export async function findEvaluationFile(
  { workbenches }: Pick<EvaluationCommandDeps, 'workbenches'>,
  target: unknown,
  title: string,
): Promise<vscode.Uri | undefined> {
  const given = fileOf(target);
  if (given) return given;
  const active = vscode.window.activeTextEditor?.document.uri;
  if (target !== LOST_ROW && active && isEvaluationFile(active)) return active;
  const folder = workbenches.folderOf();
  const files = folder ? await findEvaluationFiles(folder) : [];
  if (files.length === 0) {
    throw new UserError('This workspace has no evaluations.', {
      code: 'no-folder',
      hint: 'An evaluation is a file whose name ends in .eval.yaml.',
      action: { command: 'llmops.evaluation.create', title: 'Create Evaluation' },
    });
  }
  const placeHolder = 'Select an evaluation';
  return (
    await vscode.window.showQuickPick(evaluationFileItems(files), { title, placeHolder, matchOnDescription: true })
  )?.uri;
}

function fileOf(target: unknown): vscode.Uri | undefined {
  if (target instanceof vscode.Uri) return isEvaluationFile(target) ? target : undefined;
  const row = rowOf(target);
  return row?.kind === 'file' ? vscode.Uri.file(row.file) : undefined;
}
