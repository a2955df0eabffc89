import * as vscode from 'vscode';
import type { EvalSpec } from '../../../core/evals/file/eval-spec.ts';
import type { EvalPlan } from '../../../core/evals/run/eval-plan.ts';
import type { EvalRecord } from '../../../core/store/evals/eval-record.ts';
import type { Workbench } from '../../../core/workbench.ts';
import { toAbortSignal } from '../../host/cancellation.ts';
import { describeResult } from '../describe-result.ts';
import { confirmRun, type FollowDeps, followEvaluation, planEvaluation } from '../start-evaluation.ts';
import { CaseReports, type SubjectReport } from './case-reports.ts';
import { locateCases, locatePlanned } from './locate-cases.ts';
import { reportFile } from './report-cells.ts';
import type { LocatedCase, TestItems } from './test-items.ts';
import type { TestSelection } from './test-selection.ts';
import { columnTitles, selectSubjects } from './test-subjects.ts';

interface RunDeps extends FollowDeps {
  workbench: Workbench;
  items: TestItems;
  run: vscode.TestRun;
  token: vscode.CancellationToken;
}

interface TestFile {
  item: vscode.TestItem;
  spec: EvalSpec;
}

/** Runs some prompts and cases of an evaluation file, and reports each case as soon as it is answered. */
export async function runTestSelection(deps: RunDeps, file: TestFile, selection: TestSelection): Promise<void> {
  const { workbench, run, token } = deps;
  const signal = toAbortSignal(token);
  const spec = selectSubjects(file.spec, (title) => selection.titles.has(title));
  run.started(file.item);
  const plan = await planEvaluation(workbench, spec, { cases: selection.cases, signal });
  if (!(await confirmRun(plan)) || token.isCancellationRequested) return run.skipped(file.item);
  const cases = await locatePlanned(plan);
  const subjects = enqueue(deps, { file, plan, cases, isWhole: selection.cases === undefined });
  const job = await workbench.evals.start(plan, { signal });
  const result = { id: job.evaluationId, columns: plan.columns, metrics: plan.metrics, repeats: spec.repeats };
  const reports = new CaseReports({ run, evals: workbench.store.evals, log: deps.log, result, subjects });
  const record = await followEvaluation(deps, job, { shows: 'problems', onCells: (cells) => reports.add(cells) });
  if (!record) return run.errored(file.item, new vscode.TestMessage('The evaluation failed. The log has the reason.'));
  await reports.end();
  if (selection.cases === undefined && record.state === 'done') await showFailedFirst(deps, { file, plan, record });
  reportEnd(run, file.item, record);
}

interface Enqueued {
  file: TestFile;
  plan: EvalPlan;
  cases: readonly LocatedCase[];
  /** All cases of the prompts run, not some of them. */
  isWhole: boolean;
}

/** The items of the cases that are about to run. */
function enqueue({ items, run }: RunDeps, { file, plan, cases, isWhole }: Enqueued): SubjectReport[] {
  const columnsBy = columnsOf(plan.spec);
  return items.subjects(file.item, vscode.Uri.file(file.spec.path), file.spec).flatMap((subject) => {
    const columns = columnsBy.get(subject.id);
    if (!columns) return [];
    const shown = isWhole ? items.cases(subject, cases) : items.someCases(subject, cases);
    for (const item of shown) run.enqueued(item);
    return [{ columns, items: byPlace(shown, cases) }];
  });
}

/** Those that failed come first now, also those that were too many to be shown before. */
async function showFailedFirst(
  { items, workbench: { store }, run, log }: RunDeps,
  { file, plan, record }: { file: TestFile; plan: EvalPlan; record: EvalRecord },
): Promise<void> {
  const cases = await locateCases(store, plan.spec, record);
  const subjects = [...columnsOf(plan.spec)].flatMap(([title, columns]): SubjectReport[] => {
    const subject = file.item.children.get(title);
    if (!subject) return [];
    const known = new Set([...subject.children].map(([id]) => id));
    const added = [...byPlace(items.cases(subject, cases), cases)].filter(([, { item }]) => !known.has(item.id));
    return [{ columns, items: new Map(added) }];
  });
  await new CaseReports({ run, evals: store.evals, log, result: record, subjects }).end();
}

function columnsOf(spec: EvalSpec): Map<string, ReadonlySet<number>> {
  const titled = Map.groupBy(columnTitles(spec).entries(), ([, title]) => title);
  return new Map([...titled].map(([title, columns]) => [title, new Set(columns.map(([index]) => index))]));
}

function byPlace(shown: readonly vscode.TestItem[], cases: readonly LocatedCase[]): SubjectReport['items'] {
  return new Map(
    shown.flatMap((item, index) => {
      const located = cases[index];
      return located ? [[located.place, { item, stored: located.stored }] as const] : [];
    }),
  );
}

function reportEnd(run: vscode.TestRun, item: vscode.TestItem, record: EvalRecord): void {
  reportFile(run, item, record);
  run.appendOutput(`${record.name}: ${describeResult({ ...record, bytes: 0 }, '')}\r\n`);
}
