import type { DatabaseSync, DatabaseSyncOptions, StatementSync } from 'node:sqlite';
import { UserError } from '../../base/errors.ts';

/** A connection and its prepared statements, replaced together when the file is opened again. */
export interface Database {
  readonly raw: DatabaseSync;
  /** Prepared statements by their SQL: preparing costs more than most of the queries. */
  prepare(sql: string): StatementSync;
  exec(sql: string): void;
  close(): void;
}

/** Node warns that `node:sqlite` is experimental on first use; users can do nothing about it. */
export function silenceSqliteWarning(): void {
  const emitWarning = process.emitWarning.bind(process) as (...args: unknown[]) => void;
  process.emitWarning = (warning: string | Error, ...rest: unknown[]) => {
    if (!String(warning).includes('SQLite is an experimental feature')) emitWarning(warning, ...rest);
  };
}

/**
 * Opens without creating folders or tables. The module is loaded at run time: an import would be linked, and would
 * warn, before `silenceSqliteWarning` could run.
 */
export function openConnection(path: string, busyTimeoutMs: number): Database {
  return open(path, { timeout: busyTimeoutMs });
}

/** A connection that writes nothing to the database. A URL can carry options, such as `immutable=1`. */
export function openForReading(path: string | URL): Database {
  return open(path, { readOnly: true });
}

function open(path: string | URL, options: DatabaseSyncOptions): Database {
  const sqlite = process.getBuiltinModule?.('node:sqlite');
  if (!sqlite) {
    throw new UserError(`This version of Node.js (${process.version}) does not include SQLite.`, {
      code: 'store',
      hint: 'Use Node.js 22.16 or newer, or a current version of VS Code.',
    });
  }
  const raw = new sqlite.DatabaseSync(path, options);
  const statements = new Map<string, StatementSync>();
  return {
    raw,
    prepare(sql) {
      let statement = statements.get(sql);
      if (!statement) {
        statement = raw.prepare(sql);
        statements.set(sql, statement);
      }
      return statement;
    },
    exec: (sql) => raw.exec(sql),
    close: () => raw.close(),
  };
}

/** Takes the write lock at once: a transaction that reads before it writes fails if another window wrote in between. */
export function inTransaction<T>(db: Database, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    try {
      db.exec('ROLLBACK');
    } catch {
      // SQLite has already rolled back (disk full, corrupt); the first error has the reason.
    }
    throw error;
  }
}

/** All reads in it see one moment, whatever other windows write at the same time. */
export function inSnapshot<T>(db: Database, read: () => T): T {
  db.exec('BEGIN');
  try {
    return read();
  } finally {
    db.exec('ROLLBACK');
  }
}

/** For writes of megabytes: changed pages leave memory early, and do not fill a cache that is meant for reading. */
export function withSmallCache<T>(db: Database, work: () => T): T {
  const size = Number(readPragma(db, 'cache_size'));
  db.exec('PRAGMA cache_size = -1000');
  try {
    return work();
  } finally {
    db.exec(`PRAGMA cache_size = ${size}`);
  }
}

/** A PRAGMA's single value. */
export function readPragma(db: Database, name: string): unknown {
  const row = db.raw.prepare(`PRAGMA ${name}`).get();
  return row === undefined ? undefined : Object.values(row)[0];
}
