import { existsSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError } from '../../base/errors.ts';
import { makeFolderSync } from '../../base/files/make-folder.ts';
import { checkVersion, migrate, readVersion, SCHEMA_VERSION } from '../migrations.ts';
import { readOwnVersion, requireOwn } from './database-owner.ts';
import { isNetworkDrive } from './network-drive.ts';
import { type Database, inTransaction, openConnection, openForReading, readPragma } from './sqlite.ts';
import { isBusy } from './sqlite-errors.ts';

/** The device and number of a file, to notice that a path now refers to another file. */
export type FileIdentity = string;

interface DatabaseOptions {
  path: string;
  busyTimeoutMs: number;
  /** Lets tests simulate a network drive. */
  isNetworkDrive?: (folder: string) => boolean;
}

/**
 * Creates folder and file if necessary, and updates the schema. Throws SQLite's and the file system's errors, and
 * `store-foreign` for a database of another program, which is not changed.
 */
export function openDatabaseFile(options: DatabaseOptions): Database {
  const { path, busyTimeoutMs } = options;
  const folder = dirname(path);
  checkVersion(readOwnVersion(path), path);
  makeFolderSync(folder);
  ignoreInGit(folder);
  const db = openConnection(path, busyTimeoutMs);
  try {
    // Again through SQLite: a newer version may be only in the write-ahead log so far.
    requireOwn(db, path);
    checkVersion(readVersion(db), path);
    configure(db, options);
    probeWritable(db, busyTimeoutMs);
    migrate(db, path);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * For a workspace that is not trusted: nothing is created, migrated or repaired. Definitions in a file of unknown origin
 * call no functions with side effects.
 */
export function openReadOnlyFile(path: string): Database {
  checkVersion(readOwnVersion(path), path);
  const db = openForReading(path);
  try {
    db.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON');
    requireOwn(db, path);
    const version = readVersion(db);
    checkVersion(version, path);
    if (version < SCHEMA_VERSION) throw olderVersion(path);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function olderVersion(path: string): UserError {
  return new UserError(`The database ${path} was written by an older version of LLMOps Workbench.`, {
    code: 'store',
    hint: 'It is updated when it is opened in a trusted workspace.',
    action: { command: 'workbench.trust.manage', title: 'Manage Workspace Trust' },
  });
}

export function openMemoryDatabase(): Database {
  const db = openConnection(':memory:', 0);
  db.exec('PRAGMA auto_vacuum = INCREMENTAL');
  migrate(db, ':memory:');
  return db;
}

function configure(db: Database, { path, busyTimeoutMs, isNetworkDrive: isNetwork = isNetworkDrive }: DatabaseOptions) {
  // The first two have an effect only on a file that is still empty. Pages of 8 KiB hold a run's answer without
  // overflow.
  db.exec('PRAGMA page_size = 8192; PRAGMA auto_vacuum = INCREMENTAL');
  db.exec('PRAGMA cache_size = -16000');
  if (isNetwork(dirname(path)) || !setWriteAheadLog(db, busyTimeoutMs)) db.exec('PRAGMA journal_mode = TRUNCATE');
  else db.exec('PRAGMA wal_autocheckpoint = 2000; PRAGMA journal_size_limit = 33554432');
  db.exec('PRAGMA synchronous = NORMAL');
}

/** False if the drive does not support it. SQLite's busy timeout does not cover this switch, so this waits itself. */
function setWriteAheadLog(db: Database, busyTimeoutMs: number): boolean {
  const until = Date.now() + busyTimeoutMs;
  while (true) {
    try {
      return readPragma(db, 'journal_mode = WAL') === 'wal';
    } catch (error) {
      if (!isBusy(error)) return false;
      if (Date.now() >= until) throw error;
      pause(20);
    }
  }
}

/** SQLite silently opens a file that it cannot write; better to find out now. A lock held elsewhere proves nothing. */
function probeWritable(db: Database, busyTimeoutMs: number): void {
  db.exec('PRAGMA busy_timeout = 0');
  try {
    inTransaction(db, () => undefined);
  } catch (error) {
    if (!isBusy(error)) throw error;
  } finally {
    db.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
  }
}

function ignoreInGit(folder: string): void {
  try {
    writeFileSync(join(folder, '.gitignore'), '*\n', { flag: 'wx' });
  } catch (error) {
    // An existing file belongs to the user; any other failure shows when the database is opened.
    if (!existsSync(folder)) throw error;
  }
}

export function identifyFile(path: string): FileIdentity | undefined {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats && `${stats.dev}:${stats.ino}`;
}

/** Renames a corrupted database with its side files and returns the new path; nothing is deleted. */
export function setAside(path: string, at: number): string {
  const stamp = new Date(at).toISOString().replaceAll(':', '-');
  let aside = `${path}.corrupt-${stamp}`;
  for (let n = 2; existsSync(aside); n++) aside = `${path}.corrupt-${stamp}-${n}`;
  renameSync(path, aside);
  for (const suffix of ['-wal', '-shm', '-journal']) {
    if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
  }
  return aside;
}

/** Blocks the worker thread, which has nothing else to do while the database is locked. */
function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
