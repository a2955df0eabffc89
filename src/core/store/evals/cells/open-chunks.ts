import type { Database } from '../../database/sqlite.ts';
import type { EvalLayout } from '../eval-rows.ts';
import { CellChunk, CHUNK_CELLS } from './cell-chunk.ts';
import { createChunkReader } from './read-matrix.ts';

/** The chunks that a transaction changes: each is read once, and written at the end. */
export class OpenChunks {
  readonly #db: Database;
  readonly #layout: EvalLayout;
  readonly #read: (row: Record<string, unknown>) => CellChunk;
  readonly #open = new Map<number, CellChunk>();

  constructor(db: Database, layout: EvalLayout) {
    this.#db = db;
    this.#layout = layout;
    this.#read = createChunkReader(db, layout);
  }

  of(cell: number): CellChunk {
    const number = Math.floor(cell / CHUNK_CELLS);
    let chunk = this.#open.get(number);
    if (chunk === undefined) {
      const row = this.#db
        .prepare('SELECT metric_set, figures FROM eval_chunks WHERE evaluation = ? AND chunk = ?')
        .get(this.#layout.seq, number);
      chunk = row ? this.#read(row) : new CellChunk(this.#layout.metrics);
      this.#open.set(number, chunk);
    }
    return chunk;
  }

  index(cell: number): number {
    return cell % CHUNK_CELLS;
  }

  write(): void {
    const put = this.#db.prepare(
      `INSERT INTO eval_chunks (evaluation, chunk, metric_set, figures) VALUES (?, ?, ?, ?)
      ON CONFLICT (evaluation, chunk) DO UPDATE SET metric_set = excluded.metric_set, figures = excluded.figures`,
    );
    for (const [number, { bytes }] of this.#open) put.run(this.#layout.seq, number, this.#layout.metricSet, bytes);
  }
}
