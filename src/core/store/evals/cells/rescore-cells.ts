import { type Database, inTransaction } from '../../database/sqlite.ts';
import type { EvalMetric } from '../eval-record.ts';
import { type EvalLayout, layoutOf } from '../eval-rows.ts';
import { putMetrics } from '../write-results.ts';
import { decodeCell, type ScoredCells, stateOf } from './encode-cells.ts';
import { OpenChunks } from './open-chunks.ts';
import { ResultChanges } from './result-changes.ts';
import { cellNumber } from './write-cells.ts';

/** In one transaction; cells that do not exist are left out. */
export function rescoreCells(
  db: Database,
  id: string,
  { cells, metrics }: { cells: ScoredCells; metrics: readonly EvalMetric[] | undefined },
): void {
  inTransaction(db, () => {
    if (metrics) replaceMetrics(db, layoutOf(db, id), metrics);
    const layout = layoutOf(db, id);
    const chunks = new OpenChunks(db, layout);
    const changes = new ResultChanges(db, layout.seq);
    const update = db.prepare(
      'UPDATE eval_cells SET metric_set = ?, state = ?, score = ?, scores = ? WHERE evaluation = ? AND cell = ?',
    );
    for (let index = 0; index < cells.scores.length; index += 1) {
      const cell = decodeCell(cells, index);
      const number = cellNumber(layout, cell);
      const before = chunks.of(number).at(chunks.index(number));
      if (before.state === 0) continue;
      const after = { ...cell, cached: before.cached };
      chunks.of(number).score(chunks.index(number), after);
      changes.count(before, after);
      const score = Number.isFinite(cell.score) ? cell.score : null;
      update.run(layout.metricSet, stateOf(cell.state) ?? 'error', score, cell.scores, layout.seq, number);
    }
    chunks.write();
    changes.write();
  });
}

/** Cells keep the number of the set that their scores belong to, so that none has to be written again at once. */
function replaceMetrics(db: Database, { seq, metricSet }: EvalLayout, metrics: readonly EvalMetric[]): void {
  const number = metricSet + 1;
  putMetrics(db, { seq, number }, metrics);
  db.prepare('UPDATE evaluations SET metric_set = ? WHERE seq = ?').run(number, seq);
}
