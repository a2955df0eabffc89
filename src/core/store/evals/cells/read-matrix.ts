import type { Database } from '../../database/sqlite.ts';
import type { EvalMetric } from '../eval-record.ts';
import { decodeMetrics, type EvalLayout } from '../eval-rows.ts';
import { CellChunk, copyChunk, emptyMatrix, type HashedMatrix } from './cell-chunk.ts';

/** The figures of all cells. */
export function readMatrix(db: Database, layout: EvalLayout): HashedMatrix {
  const matrix = emptyMatrix(layout);
  const read = createChunkReader(db, layout);
  const rows = db
    .prepare('SELECT chunk, metric_set, figures FROM eval_chunks WHERE evaluation = ?')
    .iterate(layout.seq);
  for (const row of rows) copyChunk(read(row), Number(row.chunk), matrix);
  return matrix;
}

/** Decodes rows of `eval_chunks`, those of an earlier set of metrics too. */
export function createChunkReader(db: Database, layout: EvalLayout): (row: Record<string, unknown>) => CellChunk {
  const metricSets = createMetricSets(db, layout);
  return ({ metric_set: set, figures }) => {
    const bytes = figures as Uint8Array;
    if (set === layout.metricSet) return new CellChunk(layout.metrics, bytes);
    const { metrics, from } = metricSets(Number(set));
    return new CellChunk(metrics.length, bytes).withMetrics(from);
  };
}

interface EarlierMetrics {
  metrics: EvalMetric[];
  /** For each metric of the current set, its number in this one; −1 if it is not the same one. */
  from: number[];
  /** For each metric of the current set, whether a rating added it. */
  isFromRatings: boolean[];
}

/** The earlier sets of metrics of an evaluation, related to the current one by their hashes. */
export function createMetricSets(db: Database, { seq, metricSet }: EvalLayout): (set: number) => EarlierMetrics {
  const read = (set: number) =>
    decodeMetrics(
      db.prepare('SELECT metrics FROM eval_metric_sets WHERE evaluation = ? AND number = ?').get(seq, set)?.metrics,
    );
  const known = new Map<number, EarlierMetrics>();
  return (set) => {
    let found = known.get(set);
    if (found === undefined) {
      const metrics = read(set);
      const current = read(metricSet);
      const from = current.map(({ hash }) => metrics.findIndex((metric) => metric.hash === hash));
      found = { metrics, from, isFromRatings: current.map(({ fromRatings = false }) => fromRatings) };
      known.set(set, found);
    }
    return found;
  };
}
