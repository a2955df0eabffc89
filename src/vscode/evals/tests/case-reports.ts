import type * as vscode from 'vscode';
import type { FinishedCell } from '../../../core/evals/run/eval-job.ts';
import type { EvalListed } from '../../../core/store/evals/eval-record.ts';
import type { Store } from '../../../core/store/store.ts';
import type { ErrorLog } from '../../shell/run-command.ts';
import { reportCase } from './report-cells.ts';
import type { ShownCase } from './test-items.ts';

/** The cases of a prompt in the Test Explorer. */
export interface SubjectReport {
  /** Of the result. */
  columns: ReadonlySet<number>;
  /** By the place of the case. */
  items: ReadonlyMap<number, { item: vscode.TestItem; stored: ShownCase }>;
}

interface CaseReportsDeps {
  run: vscode.TestRun;
  evals: Pick<Store['evals'], 'cells'>;
  log: Pick<ErrorLog, 'error'>;
  result: Pick<EvalListed, 'id' | 'columns' | 'metrics' | 'repeats'>;
  subjects: readonly SubjectReport[];
}

/** An answer may have a megabyte. */
const CASES_AT_ONCE = 100;

/** Reports each case of a running evaluation as soon as all of its cells are stored. */
export class CaseReports {
  readonly #deps: CaseReportsDeps;
  /** How many cells each case lacks, by subject and place. */
  readonly #missing: Map<number, number>[];
  /** Complete, and not reported yet. */
  readonly #complete: Set<number>[];
  readonly #reported: Set<number>[];
  #reporting: Promise<void> | undefined;
  #isReporting = false;

  constructor(deps: CaseReportsDeps) {
    this.#deps = deps;
    this.#missing = deps.subjects.map(() => new Map());
    this.#complete = deps.subjects.map(() => new Set());
    this.#reported = deps.subjects.map(() => new Set());
  }

  /** Cells that were stored. */
  add(cells: readonly FinishedCell[]): void {
    for (const { case: place, column } of cells) {
      for (const [at, { columns, items }] of this.#deps.subjects.entries()) {
        const shown = columns.has(column) ? items.get(place) : undefined;
        if (shown) this.#count(at, place, shown.item);
      }
    }
    if (this.#isReporting) return;
    this.#isReporting = true;
    this.#reporting = this.#reportComplete();
  }

  /** Reports what is left once the evaluation has ended: a case that was not answered everywhere was skipped, or failed. */
  async end(): Promise<void> {
    await this.#reporting;
    for (const [at, { items }] of this.#deps.subjects.entries()) {
      const left = [...items.keys()].filter((place) => !this.#reported[at]?.has(place));
      for (let from = 0; from < left.length; from += CASES_AT_ONCE) {
        await this.#report(at, left.slice(from, from + CASES_AT_ONCE));
      }
    }
  }

  #count(at: number, place: number, item: vscode.TestItem): void {
    const { repeats } = this.#deps.result;
    const columns = this.#deps.subjects[at]?.columns.size ?? 0;
    const missing = (this.#missing[at]?.get(place) ?? columns * repeats) - 1;
    this.#missing[at]?.set(place, missing);
    if (missing === 0) this.#complete[at]?.add(place);
    else this.#deps.run.started(item);
  }

  async #reportComplete(): Promise<void> {
    try {
      while (this.#complete.some(({ size }) => size > 0)) {
        for (const [at, complete] of this.#complete.entries()) {
          const places = [...complete].slice(0, CASES_AT_ONCE);
          for (const place of places) complete.delete(place);
          if (places.length > 0) await this.#report(at, places);
        }
      }
    } catch (error) {
      // the end tries it again
      this.#deps.log.error('Could not report cases in the Test Explorer', error);
    } finally {
      this.#isReporting = false;
    }
  }

  async #report(at: number, places: readonly number[]): Promise<void> {
    const { run, evals, result, subjects } = this.#deps;
    const subject = subjects[at];
    const byCase = Map.groupBy(await evals.cells(result.id, [...places]), (cell) => cell.case);
    for (const place of places) {
      const shown = subject?.items.get(place);
      if (!subject || !shown) continue;
      const cells = (byCase.get(place) ?? []).filter(({ column }) => subject.columns.has(column));
      const isWhole = cells.length === subject.columns.size * result.repeats;
      reportCase(run, shown.item, { result, stored: shown.stored, cells, isWhole });
      this.#reported[at]?.add(place);
    }
  }
}
