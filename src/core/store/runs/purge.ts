import { setImmediate as nextTurn } from 'node:timers/promises';
import { compact } from '../database/compact.ts';
import { type Database, inTransaction } from '../database/sqlite.ts';
import type { RoomContext } from '../room.ts';

const BATCH = 500;

/** Deletes in short transactions, so that other requests, such as one to stop, are handled. Streaming runs stay. */
export async function purge(
  { db, signal, report }: RoomContext,
  { olderThan, keepRated }: { olderThan: number; keepRated: boolean },
): Promise<number> {
  const old = `started_at < ? AND state <> 'streaming' ${keepRated ? 'AND rating IS NULL' : ''}`;
  const total = Number(db.prepare(`SELECT count(*) AS n FROM runs WHERE ${old}`).get(olderThan)?.n);
  const statement = db.prepare(`DELETE FROM runs WHERE seq IN (SELECT seq FROM runs WHERE ${old} LIMIT ${BATCH})`);
  let deleted = 0;
  while (true) {
    const changes = Number(inTransaction(db, () => statement.run(olderThan)).changes);
    deleted += changes;
    report({ done: deleted, total: Math.max(total, deleted) });
    if (changes < BATCH) break;
    await nextTurn();
    if (signal.aborted) return deleted;
  }
  if (deleted > 0) await mergeSearchIndex(db);
  await compact(db);
  return deleted;
}

/** Removes the deleted runs' entries from the full-text index, a few at a time. */
async function mergeSearchIndex(db: Database): Promise<void> {
  const merge = db.prepare(`INSERT INTO run_search (run_search, rank) VALUES ('merge', ?)`);
  const changes = () => Number(db.prepare('SELECT total_changes() AS n').get()?.n);
  // A negative number starts merging all levels; FTS5 has nothing left to do once a call changes less than two rows.
  for (let pages = -200, before = changes(); ; pages = 200, before = changes()) {
    merge.run(pages);
    if (changes() - before < 2) break;
    await nextTurn();
  }
}
