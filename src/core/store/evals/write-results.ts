import { type Database, inTransaction } from '../database/sqlite.ts';
import { heartbeatOf, putRunning, removeStale } from '../jobs/journal.ts';
import { encodeCase, INSERT_CASE } from './case-rows.ts';
import type { EvalChanges, EvalRecord, StoredCase } from './eval-record.ts';
import { encodeChanges, encodeRecord, layoutOf, type SqlValue, unknownResult } from './eval-rows.ts';

/** The kind of an evaluation in the journal of jobs, where its entry has its own id. */
const EVALUATION_JOB = 'evaluation';
const ROW_BYTES = 60;

export function createResult(db: Database, record: EvalRecord): void {
  const values = encodeRecord(record);
  const names = Object.keys(values);
  inTransaction(db, () => {
    const { lastInsertRowid: seq } = db
      .prepare(`INSERT INTO evaluations (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`)
      .run(...Object.values(values));
    putMetrics(db, { seq: Number(seq), number: 0 }, record.metrics);
  });
}

/** Part of a transaction. */
export function putMetrics(
  db: Database,
  { seq, number }: { seq: number; number: number },
  metrics: readonly unknown[],
): void {
  db.prepare('INSERT INTO eval_metric_sets (evaluation, number, metrics) VALUES (?, ?, ?)').run(
    seq,
    number,
    JSON.stringify(metrics),
  );
}

export function addCases(
  db: Database,
  id: string,
  { first, cases }: { first: number; cases: readonly StoredCase[] },
): void {
  inTransaction(db, () => {
    const { seq, columns, repeats } = layoutOf(db, id);
    const insert = db.prepare(INSERT_CASE);
    let bytes = 0;
    cases.forEach((stored, index) => {
      const values = encodeCase(stored);
      insert.run(seq, first + index, ...values);
      bytes += ROW_BYTES + values.reduce<number>((sum, value) => sum + sizeOf(value), 0);
    });
    const count = first + cases.length;
    db.prepare(
      'UPDATE evaluations SET cases = max(cases, ?), cells = max(cells, ?), bytes = bytes + ? WHERE seq = ?',
    ).run(count, count * columns * repeats, bytes, seq);
  });
}

const sizeOf = (value: SqlValue): number => (typeof value === 'string' ? value.length : 8);

export function updateResult(db: Database, id: string, changes: EvalChanges): void {
  const values = encodeChanges(changes);
  const names = Object.keys(values);
  if (names.length === 0) return;
  const sql = `UPDATE evaluations SET ${names.map((name) => `${name} = ?`).join(', ')} WHERE id = ? AND is_deleted = 0`;
  const { changes: changed } = db.prepare(sql).run(...Object.values(values), id);
  if (Number(changed) === 0) throw unknownResult(id);
}

export function pinResult(db: Database, id: string, isPinned: boolean): void {
  const { changes } = db
    .prepare('UPDATE evaluations SET is_pinned = ? WHERE id = ? AND is_deleted = 0')
    .run(isPinned ? 1 : 0, id);
  if (Number(changes) === 0) throw unknownResult(id);
}

/** Until the heartbeat ?1, after which nothing is known about the work. NULL for results of before. */
const WORKED_MS = 'worked_ms + coalesce(max(0, ?1 - working_since), 0)';

/** Two windows may try at the same time: only one of them gets it. */
export function claimResult(
  db: Database,
  id: string,
  { owner, staleBefore, at }: { owner: string; staleBefore: number; at: number },
): boolean {
  return inTransaction(db, () => {
    const { seq } = layoutOf(db, id);
    const other = db
      .prepare(`SELECT 1 FROM jobs WHERE id = ? AND state = 'running' AND heartbeat >= ? AND owner IS NOT ?`)
      .get(id, staleBefore, owner);
    if (other !== undefined) return false;
    const heartbeat = heartbeatOf(db, id) ?? null;
    putRunning(db, { id, kind: EVALUATION_JOB, owner }, at);
    // results of before have only the end, which is emptied here; without that and a heartbeat, nothing was done yet
    db.prepare(
      `UPDATE evaluations SET state = 'running', error = NULL, ended_at = NULL, working_since = NULL,
      worked_ms = coalesce(${WORKED_MS}, coalesce(ended_at, ?1) - started_at, 0) WHERE seq = ?2`,
    ).run(heartbeat, seq);
    return true;
  });
}

/** The last heartbeat becomes the end: nothing is known about the evaluation after it. */
export function markInterrupted(db: Database, staleBefore: number): string[] {
  return inTransaction(db, () => {
    const ends = new Map(removeStale(db, EVALUATION_JOB, staleBefore).map(({ id, heartbeat }) => [id, heartbeat]));
    // A new evaluation is stored a moment before its job is in the journal.
    const lost = db
      .prepare(
        `SELECT seq, id FROM evaluations WHERE state IN ('running', 'paused') AND is_deleted = 0 AND started_at < ?
        AND id NOT IN (SELECT id FROM jobs WHERE state = 'running')`,
      )
      .all(staleBefore);
    const mark = db.prepare(
      `UPDATE evaluations SET state = 'interrupted', ended_at = ?1, worked_ms = ${WORKED_MS}, working_since = NULL WHERE seq = ?2`,
    );
    return lost.map(({ seq, id }) => {
      mark.run(ends.get(String(id)) ?? null, Number(seq));
      return String(id);
    });
  });
}
