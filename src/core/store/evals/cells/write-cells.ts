import { hash } from 'node:crypto';
import { UserError } from '../../../base/errors.ts';
import { type Database, inTransaction } from '../../database/sqlite.ts';
import type { LedgerEntry } from '../../ledger/ledger-entry.ts';
import { addEntries } from '../../ledger/write-ledger.ts';
import type { StoredAnswer } from '../eval-record.ts';
import { type EvalLayout, layoutOf } from '../eval-rows.ts';
import { answerValues, figuresOf, INSERT_ANSWER } from './answer-rows.ts';
import { type AnsweredCells, type CellFigures, decodeCell, stateOf } from './encode-cells.ts';
import { OpenChunks } from './open-chunks.ts';
import { findAnswer } from './read-cells.ts';
import { ResultChanges } from './result-changes.ts';

const PUT_CELL = `INSERT OR REPLACE INTO eval_cells (evaluation, cell, answer, metric_set, state, cached, score, scores)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;
const ROW_BYTES = 60;

/** In one transaction: answers, cells, the counts and totals of the result, and what was spent. */
export function addCells(
  db: Database,
  id: string,
  { cells, spent, unused }: { cells: AnsweredCells; spent: readonly LedgerEntry[]; unused: readonly PaidFigures[] },
): void {
  inTransaction(db, () => {
    const writer = new CellWriter(db, layoutOf(db, id), cells);
    for (let number = 0; number < cells.scores.length; number += 1) writer.add(number);
    for (const figures of unused) writer.payUnused(figures);
    writer.end();
    addEntries(db, spent);
  });
}

/** Of an answer; undefined is unknown. */
export type PaidFigures = Pick<StoredAnswer, 'costUsd' | 'usage'>;

/** The number of a cell in its evaluation. */
export function cellNumber(
  { columns, repeats }: EvalLayout,
  at: { case: number; column: number; repeat: number },
): number {
  return (at.case * columns + at.column) * repeats + at.repeat - 1;
}

/** An answer that cells of the batch have. */
interface UsedAnswer {
  id: number;
  latencyMs: number;
  costUsd: number;
  outputHash: Uint8Array;
}

class CellWriter {
  readonly #db: Database;
  readonly #layout: EvalLayout;
  readonly #cells: AnsweredCells;
  readonly #chunks: OpenChunks;
  readonly #changes: ResultChanges;
  /** By what the cells refer to them with. */
  readonly #used = new Map<number, UsedAnswer>();
  /** Answers whose cost is in the totals, by what the cells refer to them with. */
  readonly #paid = new Set<number>();
  readonly #replaced = new Set<number>();

  constructor(db: Database, layout: EvalLayout, cells: AnsweredCells) {
    this.#db = db;
    this.#layout = layout;
    this.#cells = cells;
    this.#chunks = new OpenChunks(db, layout);
    this.#changes = new ResultChanges(db, layout.seq);
  }

  add(index: number): void {
    const cell = decodeCell(this.#cells, index);
    const reference = this.#cells.answerOf[index]!;
    const answer = this.#use(reference, cell);
    if (!cell.cached) this.#pay(reference);
    const number = cellNumber(this.#layout, cell);
    const before = this.#chunks.of(number).put(this.#chunks.index(number), cell, answer);
    if (before.state !== 0) this.#noteReplaced(number);
    this.#changes.count(before, cell);
    this.#putCell(number, answer.id, cell);
  }

  end(): void {
    this.#chunks.write();
    this.#changes.write();
    const remove = this.#db.prepare(
      'DELETE FROM eval_answers WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM eval_cells WHERE answer = ?1)',
    );
    for (const answer of this.#replaced) remove.run(answer);
  }

  /** Such as the part of an answer before its stream broke off, which is requested again. */
  payUnused({ costUsd = Number.NaN, usage }: PaidFigures): void {
    const { inputTokens = Number.NaN, outputTokens = Number.NaN } = usage;
    if (Number.isFinite(costUsd)) this.#changes.addAnswer({ costUsd, inputTokens, outputTokens }, true);
  }

  #putCell(number: number, answer: number, { state, cached, score, scores }: CellFigures): void {
    const { seq, metricSet } = this.#layout;
    const known = Number.isFinite(score) ? score : null;
    this.#db
      .prepare(PUT_CELL)
      .run(seq, number, answer, metricSet, stateOf(state) ?? 'error', cached ? 1 : 0, known, scores);
    this.#changes.bytes += ROW_BYTES + scores.length;
  }

  #use(reference: number, { cached }: Pick<CellFigures, 'cached'>): UsedAnswer {
    let used = this.#used.get(reference);
    if (used === undefined) {
      const stored = reference < 0 ? -reference : cached ? this.#findStored(reference) : undefined;
      used = stored === undefined ? this.#insert(reference) : readUsed(this.#db, stored);
      this.#used.set(reference, used);
    }
    return used;
  }

  /** The request was in flight when the cell waited for it: its own cell was stored before. */
  #findStored(reference: number): number | undefined {
    const key = this.#cells.answers.cacheKeys[reference];
    return key === undefined ? undefined : findAnswer(this.#db, key);
  }

  /** Once for each request, however many cells have its answer. */
  #pay(reference: number): void {
    if (reference < 0 || this.#paid.has(reference)) return;
    this.#paid.add(reference);
    const { answers } = this.#cells;
    this.#changes.addAnswer(figuresOf(answers, reference), answers.failed[reference] ?? false);
  }

  #insert(index: number): UsedAnswer {
    const { answers } = this.#cells;
    const figures = figuresOf(answers, index);
    const values = answerValues(answers, index, figures);
    const { lastInsertRowid } = this.#db.prepare(INSERT_ANSWER).run(...values);
    const output = answers.outputs[index] ?? '';
    this.#changes.bytes += ROW_BYTES + output.length + (answers.details[index]?.length ?? 0);
    return { id: Number(lastInsertRowid), ...figures, outputHash: hashOutput(output) };
  }

  #noteReplaced(number: number): void {
    const row = this.#db
      .prepare('SELECT answer, length(scores) AS size FROM eval_cells WHERE evaluation = ? AND cell = ?')
      .get(this.#layout.seq, number);
    if (row === undefined) return;
    this.#replaced.add(Number(row.answer));
    this.#changes.bytes -= ROW_BYTES + Number(row.size);
  }
}

/** Another window may have deleted the results that had the answer. */
function readUsed(db: Database, id: number): UsedAnswer {
  const row = db.prepare('SELECT cost_usd, latency_ms, output FROM eval_answers WHERE id = ?').get(id);
  if (row === undefined) {
    throw new UserError('A stored answer that was to be reused was deleted meanwhile.', {
      code: 'unknown-result',
      hint: 'Run the evaluation again: the answer is then requested from the model.',
    });
  }
  const figure = (value: unknown) => (typeof value === 'number' ? value : Number.NaN);
  const output = row.output as string | Uint8Array;
  return { id, costUsd: figure(row.cost_usd), latencyMs: figure(row.latency_ms), outputHash: hashOutput(output) };
}

/** Of the text as it is stored: tells whether the texts of two answers differ. */
function hashOutput(output: string | Uint8Array): Uint8Array {
  return hash('sha1', output, 'buffer').subarray(0, 8);
}
