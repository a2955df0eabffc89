import { toErrorInfo } from '../../base/errors.ts';
import type { JobContext } from '../../jobs/job.ts';
import type { NewCell, StoredAnswer } from '../../store/evals/eval-record.ts';
import type { CellTask } from '../requests/cell-tasks.ts';
import type { EarlyEnd } from '../requests/eval-outcome.ts';
import type { FinishedAnswer } from '../requests/lane-run.ts';
import type { PauseGate } from '../requests/pause-gate.ts';
import { spentEntry } from '../requests/request-entry.ts';
import { toCellScores } from '../scoring/cell-scores.ts';
import type { ItemScore } from '../scoring/scoring.ts';
import { CellWriter, type WrittenCell } from './cell-writer.ts';
import type { EvalEvent } from './eval-job.ts';
import type { EvalPorts } from './eval-ports.ts';
import type { Execution } from './execution.ts';

/** Scores answers, stores their cells with what they cost, and reports them. */
export class CellSink {
  readonly #ports: EvalPorts;
  readonly #execution: Execution;
  readonly #context: JobContext<EvalEvent>;
  readonly #writer: CellWriter;
  readonly #warnings = new Set<string>();

  constructor(
    ports: EvalPorts,
    execution: Execution,
    { context, gate, end }: { context: JobContext<EvalEvent>; gate: PauseGate; end(how: EarlyEnd): void },
  ) {
    this.#ports = ports;
    this.#execution = execution;
    this.#context = context;
    this.#writer = new CellWriter({
      write: (batch) => this.#write(batch),
      onTrouble: ({ message }) => gate.close('store', message),
      onRecovered: () => gate.open('store'),
      onGivenUp: (error) => end({ state: 'failed', error: toErrorInfo(error) }),
      patienceMs: execution.patienceMs,
    });
  }

  /** Resolves when there is room for more. */
  async finish(task: CellTask, { answer, cached, id }: FinishedAnswer): Promise<void> {
    const { scoring, planned, record } = this.#execution;
    const { place, column, repeat, evalCase } = task;
    const { prompt } = planned[column] ?? {};
    const isGiven = this.#isGiven(column);
    const item = { evalCase, answer, schema: prompt?.prompt.output.schema, cached, isGiven };
    const [scores = []] = await scoring.score([item]);
    this.#warn(scores);
    const cell: NewCell = {
      case: place,
      column,
      repeat,
      cached,
      ...toCellScores(scores, { metrics: record.metrics, answer }),
      answer: id ?? answer,
    };
    const isSent = !cached && !isGiven && task.request && task.attempts > 0;
    const entry = isSent ? spentEntry(this.#execution, task, answer) : undefined;
    await this.#writer.add({ cell, entry });
  }

  /** An answer that may not be kept has cost something all the same. */
  async spend(task: CellTask, answer: StoredAnswer): Promise<void> {
    await this.#writer.add({ cell: undefined, entry: spentEntry(this.#execution, task, answer) });
  }

  /** It is not kept, so no cell brings its cost into the totals. */
  async discard(unused: StoredAnswer): Promise<void> {
    await this.#writer.add({ cell: undefined, unused, entry: undefined });
  }

  flush(): Promise<void> {
    return this.#writer.flush();
  }

  async #write(batch: readonly WrittenCell[]): Promise<void> {
    const { store, runs } = this.#ports;
    const { record, state } = this.#execution;
    const cells = batch.flatMap(({ cell }) => cell ?? []);
    const entries = batch.flatMap(({ entry }) => entry ?? []);
    const unused = batch.flatMap(({ unused: answer }) =>
      answer ? { costUsd: answer.costUsd, usage: answer.usage } : [],
    );
    await store.evals.addCells(record.id, cells, entries, unused);
    runs.dayBudget.written(entries.map(({ id }) => id));
    for (const cell of cells) state.add(cell, this.#isGiven(cell.column));
    for (const figures of unused) state.addUnused(figures);
    const finished = cells.map(({ case: place, column, repeat, state: outcome, score, cached }) => {
      return { case: place, column, repeat, state: outcome, score, cached };
    });
    const [counts, totals] = [state.counts(), state.totals()];
    this.#context.emit({ type: 'cells', cells: finished, counts, totals });
    this.#context.report({ ...state.progress(), costUsd: totals.costUsd });
  }

  #isGiven(column: number): boolean {
    return this.#execution.planned[column]?.source.kind === 'dataset';
  }

  #warn(scores: readonly ItemScore[]): void {
    for (const { warning } of scores) {
      if (warning === undefined || this.#warnings.has(warning)) continue;
      this.#warnings.add(warning);
      this.#context.emit({ type: 'notice', text: warning });
    }
  }
}
