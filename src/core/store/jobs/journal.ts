import type { Database } from '../database/sqlite.ts';

/** Part of a transaction: a job that is in the journal already is marked as alive again, in this window if it has an owner. */
export function putRunning(
  db: Database,
  { id, kind, owner, detail }: { id: string; kind: string; owner?: string; detail?: string | undefined },
  at: number,
): void {
  db.prepare(
    `INSERT INTO jobs (id, kind, state, owner, started_at, heartbeat, detail) VALUES (?, ?, 'running', ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET state = 'running', ended_at = NULL, error = NULL, heartbeat = excluded.heartbeat,
      owner = coalesce(excluded.owner, owner), detail = coalesce(excluded.detail, detail),
      cancel_requested = CASE WHEN excluded.owner IS NULL THEN cancel_requested ELSE 0 END`,
  ).run(id, kind, owner ?? null, at, at, detail ?? null);
}

/** The last sign of life of a job; undefined if it is not in the journal. */
export function heartbeatOf(db: Database, id: string): number | undefined {
  const row = db.prepare('SELECT heartbeat FROM jobs WHERE id = ?').get(id);
  return row && Number(row.heartbeat);
}

/** Part of a transaction: for jobs whose own tables have the outcome. */
export function removeEntry(db: Database, id: string): void {
  db.prepare('DELETE FROM jobs WHERE id = ?').run(id);
}

/** Part of a transaction: the jobs of a kind whose window has sent no heartbeat since, each with its last heartbeat. */
export function removeStale(db: Database, kind: string, staleBefore: number): { id: string; heartbeat: number }[] {
  const rows = db
    .prepare(`DELETE FROM jobs WHERE state = 'running' AND kind = ? AND heartbeat < ? RETURNING id, heartbeat`)
    .all(kind, staleBefore);
  return rows.map(({ id, heartbeat }) => ({ id: String(id), heartbeat: Number(heartbeat) }));
}
