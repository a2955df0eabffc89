import { setImmediate as nextTurn } from 'node:timers/promises';
import { compact } from '../database/compact.ts';
import { type Database, inTransaction } from '../database/sqlite.ts';
import { removeEntry } from '../jobs/journal.ts';
import type { RoomContext } from '../room.ts';

/** Short enough that other requests, such as those of a running evaluation, wait only for a moment. */
const BATCH = 2000;

/**
 * At once the results are in no list any more; their rows follow in short transactions. A deletion that was cut off is
 * completed by the next one.
 */
export async function deleteResults({ db, signal, report }: RoomContext, ids: readonly string[]): Promise<void> {
  markDeleted(db, ids);
  const results = db
    .prepare('SELECT seq, passed + failed + errors AS cells FROM evaluations WHERE is_deleted = 1')
    .all();
  if (results.length === 0) return;
  const total = results.reduce((sum, { cells }) => sum + Number(cells), 0);
  let done = 0;
  for (const { seq } of results) {
    for (let deleted = BATCH; deleted > 0; ) {
      deleted = inTransaction(db, () => deleteSome(db, Number(seq)));
      done += deleted;
      report({ done: Math.min(done, total), total });
      await nextTurn();
      if (signal.aborted) return;
    }
  }
  await compact(db);
}

function markDeleted(db: Database, ids: readonly string[]): void {
  if (ids.length === 0) return;
  inTransaction(db, () => {
    const list = JSON.stringify(ids);
    db.prepare('UPDATE evaluations SET is_deleted = 1 WHERE id IN (SELECT value FROM json_each(?))').run(list);
    db.prepare('UPDATE evaluations SET baseline_id = NULL WHERE baseline_id IN (SELECT value FROM json_each(?))').run(
      list,
    );
    for (const id of ids) removeEntry(db, id);
  });
}

/** Some of a result's cells with their answers; the rest of it with the last ones. Returns how many cells. */
function deleteSome(db: Database, seq: number): number {
  const cells = db.prepare('SELECT cell, answer FROM eval_cells WHERE evaluation = ? LIMIT ?').all(seq, BATCH);
  const last = cells.at(-1);
  if (last !== undefined) {
    db.prepare('DELETE FROM eval_cells WHERE evaluation = ? AND cell <= ?').run(seq, Number(last.cell));
    db.prepare(
      `DELETE FROM eval_answers WHERE id IN (SELECT value FROM json_each(?))
      AND NOT EXISTS (SELECT 1 FROM eval_cells WHERE answer = eval_answers.id)`,
    ).run(JSON.stringify(cells.map(({ answer }) => answer)));
    return cells.length;
  }
  const { changes } = db
    .prepare(
      `DELETE FROM eval_cases WHERE evaluation = ?1 AND place IN (SELECT place FROM eval_cases WHERE evaluation = ?1 LIMIT ?2)`,
    )
    .run(seq, BATCH);
  if (Number(changes) > 0) return Number(changes);
  for (const table of ['eval_chunks', 'eval_metric_sets'])
    db.prepare(`DELETE FROM ${table} WHERE evaluation = ?`).run(seq);
  db.prepare('DELETE FROM evaluations WHERE seq = ?').run(seq);
  return 0;
}
