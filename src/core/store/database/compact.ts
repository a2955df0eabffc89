import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Database, readPragma } from './sqlite.ts';

/** The number of pages released at a time, about 8 MB. */
const VACUUM_PAGES = 1000;

/** Returns free pages to the disk if that is worth the writing: a tenth of the file, or 4 MB. */
export async function compact(db: Database): Promise<void> {
  const free = () => Number(readPragma(db, 'freelist_count'));
  const pages = Number(readPragma(db, 'page_count'));
  const pageSize = Number(readPragma(db, 'page_size'));
  if (free() === 0 || (free() * 10 < pages && free() * pageSize < 4 * 1024 * 1024)) return;
  for (let left = free(), last = left + 1; left > 0 && left < last; last = left, left = free()) {
    db.exec(`PRAGMA incremental_vacuum(${VACUUM_PAGES})`);
    await nextTurn();
  }
  readPragma(db, 'wal_checkpoint(TRUNCATE)');
}
