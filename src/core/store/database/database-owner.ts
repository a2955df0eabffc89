import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { UserError } from '../../base/errors.ts';
import { APPLICATION_ID, createUnstamped, readVersion } from '../migrations.ts';
import { type Database, inSnapshot, openConnection, openForReading, readPragma } from './sqlite.ts';
import { createNotADatabaseError } from './sqlite-errors.ts';

/** The first bytes of every SQLite file. */
const MAGIC = 'SQLite format 3\0';

/**
 * The format version of a database file; 0 if there is none yet. Throws `store-foreign` for a file of another program.
 * It is read without SQLite if possible: SQLite might write next to the file, and deletes the log of a file that is not
 * a database.
 */
export function readOwnVersion(path: string): number {
  const header = readHeader(path);
  if (header === undefined) return 0;
  if (header.applicationId === 0) lookInside(path);
  else if (header.applicationId !== APPLICATION_ID) throw foreign(path);
  return header.version;
}

/** Throws `store-foreign`; called before the first write. The file's header may be older than its log. */
export function requireOwn(db: Database, path: string): void {
  // Another window may be creating the tables of a new one right now.
  const isOwn = inSnapshot(db, () => {
    const applicationId = Number(readPragma(db, 'application_id'));
    return applicationId === APPLICATION_ID || (applicationId === 0 && isUnstamped(db));
  });
  if (!isOwn) throw foreign(path);
}

/** Version 0.1 wrote no id: a database is ours if it has exactly what schema version 1 or 2 created, or nothing. */
function isUnstamped(db: Database): boolean {
  const version = readVersion(db);
  const objects = objectsOf(db);
  if (version === 0) return objects.length === 0;
  const expected = openConnection(':memory:', 0);
  try {
    return createUnstamped(expected, version) && objects.join('\n') === objectsOf(expected).join('\n');
  } finally {
    expected.close();
  }
}

/** Tables, indexes and triggers with the statements that created them; those of full-text search itself by name. */
function objectsOf(db: Database): string[] {
  const rows = db.raw
    .prepare(
      `SELECT type, name, tbl_name, CASE WHEN name LIKE 'run\\_search\\__%' ESCAPE '\\' THEN '' ELSE sql END AS sql
      FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type, name`,
    )
    .all();
  return rows.map((row) => JSON.stringify(Object.values(row)));
}

/** Reads a database that may belong to another program without changing it or any file next to it. */
function lookInside(path: string): void {
  const hasLog = (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
  const db = hasLog ? openForReading(path) : openImmutable(path);
  try {
    requireOwn(db, path);
  } finally {
    db.close();
  }
}

/** SQLite uses neither locks nor logs of an immutable file; a Windows share cannot be opened in that way. */
function openImmutable(path: string): Database {
  const url = pathToFileURL(path);
  if (url.host !== '') return openForReading(path);
  url.searchParams.set('immutable', '1');
  return openForReading(url);
}

function readHeader(path: string): { version: number; applicationId: number } | undefined {
  if (!statSync(path, { throwIfNoEntry: false })) return undefined;
  const bytes = Buffer.alloc(72);
  const file = openSync(path, 'r');
  try {
    if (readSync(file, bytes, 0, bytes.length, 0) === 0) return undefined;
  } finally {
    closeSync(file);
  }
  if (bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) throw createNotADatabaseError();
  return { version: bytes.readUInt32BE(60), applicationId: bytes.readUInt32BE(68) };
}

function foreign(path: string): UserError {
  return new UserError(`The database ${path} was not created by LLMOps Workbench.`, {
    code: 'store-foreign',
    hint: 'It was not changed, and no history is recorded. Move it elsewhere to start a new history.',
  });
}
