import { hash } from 'node:crypto';
import { UserError } from '../../../base/errors.ts';
import { toJson } from '../../database/json.ts';
import { type Database, inTransaction } from '../../database/sqlite.ts';
import type { LedgerEntry } from '../../ledger/ledger-entry.ts';
import { addEntries } from '../../ledger/write-ledger.ts';
import type { CellScore, NewCell, StoredAnswer } from '../eval-record.ts';
import { type EvalLayout, layoutOf, numberOrNull } from '../eval-rows.ts';
import { encodeAnswer, INSERT_ANSWER } from './answer-rows.ts';
import { decodeText } from './exact-text.ts';
import { OpenChunks } from './open-chunks.ts';
import { ResultChanges } from './result-changes.ts';

const PUT_CELL = `INSERT OR REPLACE INTO eval_cells (evaluation, cell, answer, metric_set, state, cached, score, scores)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;
const ROW_BYTES = 60;

/** In one transaction: answers, cells, the counts and totals of the result, and what was spent. */
export function addCells(db: Database, id: string, cells: readonly NewCell[], spent: readonly LedgerEntry[]): void {
  inTransaction(db, () => {
    const layout = layoutOf(db, id);
    const writer = new CellWriter(db, layout);
    for (const cell of cells) writer.add(cell);
    writer.end();
    addEntries(db, spent);
  });
}

/** The number of a cell in its evaluation. */
export function cellNumber(
  { columns, repeats }: EvalLayout,
  at: { case: number; column: number; repeat: number },
): number {
  return (at.case * columns + at.column) * repeats + at.repeat - 1;
}

/** Scores as they are stored: null stays null, and reasons are left out where there are none. */
export function encodeScores(scores: readonly CellScore[]): string {
  const rows = scores.map(({ value, passed, reason }) =>
    reason === undefined ? [value, passed] : [value, passed, reason],
  );
  return toJson(rows) ?? '[]';
}

interface UsedAnswer {
  id: number;
  bytes: number;
  answer: Pick<StoredAnswer, 'costUsd' | 'latencyMs'>;
  outputHash: Uint8Array;
}

class CellWriter {
  readonly #db: Database;
  readonly #layout: EvalLayout;
  readonly #chunks: OpenChunks;
  readonly #changes: ResultChanges;
  /** Several cells of a batch may have the very same answer. */
  readonly #answers = new Map<StoredAnswer | number, UsedAnswer>();
  readonly #replaced = new Set<number>();

  constructor(db: Database, layout: EvalLayout) {
    this.#db = db;
    this.#layout = layout;
    this.#chunks = new OpenChunks(db, layout);
    this.#changes = new ResultChanges(db, layout.seq);
  }

  add(cell: NewCell): void {
    const { seq, metricSet } = this.#layout;
    const number = cellNumber(this.#layout, cell);
    const isNew = typeof cell.answer !== 'number' && !this.#answers.has(cell.answer);
    const used = this.#use(cell.answer);
    const before = this.#chunks
      .of(number)
      .put(this.#chunks.index(number), { ...cell, ...used.answer, outputHash: used.outputHash });
    if (before.state !== undefined) this.#noteReplaced(number);
    this.#changes.count(before, cell);
    if (isNew) this.#changes.addAnswer(cell.answer as StoredAnswer);
    const scores = encodeScores(cell.scores);
    this.#db
      .prepare(PUT_CELL)
      .run(seq, number, used.id, metricSet, cell.state, cell.cached ? 1 : 0, numberOrNull(cell.score), scores);
    this.#changes.bytes += ROW_BYTES + scores.length + (isNew ? used.bytes : 0);
  }

  end(): void {
    this.#chunks.write();
    this.#changes.write();
    for (const answer of this.#replaced) {
      this.#db
        .prepare('DELETE FROM eval_answers WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM eval_cells WHERE answer = ?1)')
        .run(answer);
    }
  }

  #use(answer: StoredAnswer | number): UsedAnswer {
    let used = this.#answers.get(answer);
    if (used === undefined) {
      used = typeof answer === 'number' ? readUsed(this.#db, answer) : insertAnswer(this.#db, answer);
      this.#answers.set(answer, used);
    }
    return used;
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

function insertAnswer(db: Database, answer: StoredAnswer): UsedAnswer {
  const values = encodeAnswer(answer);
  const { lastInsertRowid } = db.prepare(INSERT_ANSWER).run(...values);
  const [output = '', details = ''] = values.slice(-2) as string[];
  return {
    id: Number(lastInsertRowid),
    bytes: ROW_BYTES + output.length + details.length,
    answer,
    outputHash: hashOutput(answer.output),
  };
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
  const answer = {
    costUsd: (row.cost_usd as number | null) ?? undefined,
    latencyMs: (row.latency_ms as number | null) ?? undefined,
  };
  return { id, bytes: 0, answer, outputHash: hashOutput(decodeText(row.output)) };
}

/** Tells whether the texts of two answers differ. */
function hashOutput(output: string): Uint8Array {
  return hash('sha1', output, 'buffer').subarray(0, 8);
}
