import { statSync } from 'node:fs';
import {
  type FileIdentity,
  identifyFile,
  openDatabaseFile,
  openMemoryDatabase,
  setAside,
} from './database/database-file.ts';
import { type Database, readPragma } from './database/sqlite.ts';
import {
  describeUnwritable,
  isBusy,
  isCorrupt,
  isMoved,
  isSearchIndexCorrupt,
  toStoreError,
} from './database/sqlite-errors.ts';
import { checkVersion, readVersion } from './migrations.ts';
import type { RoomContext } from './room.ts';
import { ROOMS, type RoomName } from './rooms.ts';
import { countRuns } from './runs/read-runs.ts';
import { indexQueued, resetSearchIndex } from './runs/search.ts';
import type { StoreStatus } from './store.ts';
import { MEMORY_PATH, type StoreWorkerData } from './worker-data.ts';

type EngineCall = Omit<RoomContext, 'db'>;

const INDEX_STEP = 100;
/** SQLite waits for a lock in calls that cannot be interrupted, so they must be short for a thread that is to stop. */
const BUSY_SLICE_MS = 250;

/**
 * The database behind the worker: opens the file on first use, opens it again after it was corrupted, moved or deleted,
 * and stays in memory if no file can be written.
 */
export function createEngine({ path, busyTimeoutMs: longestBusyMs }: StoreWorkerData) {
  const busyTimeoutMs = Math.min(longestBusyMs, BUSY_SLICE_MS);
  let db: Database | undefined;
  let identity: FileIdentity | undefined;
  let lastAt = 0;
  let inMemory = path === MEMORY_PATH;
  const notices = inMemory ? ['No folder is open: runs are kept until this window closes.'] : [];

  function open(at: number): Database {
    if (inMemory) return openMemoryDatabase();
    try {
      return openFile(at);
    } catch (error) {
      const reason = describeUnwritable(error);
      if (reason === undefined) throw error;
      inMemory = true;
      notices.push(
        `The history cannot be saved in ${path}: ${reason}. Runs are kept in memory only, until this window or command ends. To keep them, make the folder writable and restart.`,
      );
      return openMemoryDatabase();
    }
  }

  function openFile(at: number): Database {
    const before = identifyFile(path);
    try {
      return openDatabaseFile({ path, busyTimeoutMs });
    } catch (error) {
      if (!isCorrupt(error)) throw error;
      moveAside(before, at);
      return openDatabaseFile({ path, busyTimeoutMs });
    }
  }

  /** Only the very file that was found corrupted: another window may have put a new one in its place already. */
  function moveAside(damaged: FileIdentity | undefined, at: number): void {
    if (damaged === undefined || identifyFile(path) !== damaged) return;
    const aside = setAside(path, at);
    notices.push(`The database ${path} was corrupted. It was moved to ${aside}, and a new history was started.`);
  }

  function closeDatabase(): void {
    const closing = db;
    db = undefined;
    closing?.close();
  }

  function ensureOpen(at: number): Database {
    if (db && !inMemory && identifyFile(path) !== identity) {
      closeDatabase();
      notices.push(
        `The database ${path} was deleted or replaced while it was open; the history continues in a new one.`,
      );
    }
    if (db) {
      // Another window may have been updated, and its newer version may have changed the tables.
      checkVersion(readVersion(db), path);
    } else {
      db = open(at);
      identity = inMemory ? undefined : identifyFile(path);
    }
    return db;
  }

  const status = (): StoreStatus => ({
    path,
    mode: inMemory ? 'memory' : 'file',
    sizeBytes: inMemory ? memorySize(db) : fileSize(path) + fileSize(`${path}-wal`),
    runs: db ? countRuns(db) : 0,
    notices: [...notices],
  });

  async function attempt(method: string, args: unknown[], call: EngineCall): Promise<unknown> {
    const context: RoomContext = { db: ensureOpen(call.at), ...call };
    if (method === 'open') return undefined;
    return method === 'status' ? status() : await findMethod(method)(context, ...args);
  }

  /** A request that met a lock has changed nothing: it is repeated until the lock is gone or the time is over. */
  async function attemptWhileBusy(...request: Parameters<typeof attempt>): Promise<unknown> {
    for (const until = performance.now() + longestBusyMs; ; ) {
      try {
        return await attempt(...request);
      } catch (error) {
        if (!isBusy(error) || performance.now() >= until) throw error;
      }
    }
  }

  /** Recovers from what can be recovered; false if the error is the answer. */
  function recover(error: unknown, at: number): boolean {
    if (isSearchIndexCorrupt(error) && db) {
      resetSearchIndex(db);
      return true;
    }
    if (isMoved(error)) {
      closeDatabase();
      return true;
    }
    if (!isCorrupt(error) || inMemory) return false;
    closeDatabase();
    try {
      moveAside(identity, at);
      return true;
    } catch {
      return false;
    }
  }

  /** For background work: a failure that cannot be recovered from is reported by the next request. */
  function tryRecover(error: unknown): boolean {
    try {
      return recover(error, lastAt);
    } catch {
      return false;
    }
  }

  return {
    /** A method of a room such as `runs.list`, or `open`, `status` and `close`. Throws UserError only. */
    async perform(method: string, args: unknown[], call: EngineCall): Promise<unknown> {
      lastAt = call.at;
      try {
        if (method === 'close') return closeDatabase();
        try {
          return await attemptWhileBusy(method, args, call);
        } catch (error) {
          if (!recover(error, call.at)) throw error;
          return await attemptWhileBusy(method, args, call);
        }
      } catch (error) {
        throw toStoreError(error, path);
      }
    },
    /** Indexes a few runs for search; false once there is nothing left, or the database is busy elsewhere. */
    indexSome(): boolean {
      try {
        return db !== undefined && indexQueued(db, { limit: INDEX_STEP, streaming: false }) > 0;
      } catch (error) {
        return !isBusy(error) && tryRecover(error);
      }
    },
  };
}

function findMethod(name: string): (context: RoomContext, ...args: unknown[]) => unknown {
  const [room = '', method = ''] = name.split('.');
  const methods = ROOMS[room as RoomName]?.methods as Record<string, (...args: unknown[]) => unknown> | undefined;
  const found = methods?.[method];
  if (found === undefined) throw new Error(`The store has no method ${name}.`);
  return found;
}

function memorySize(db: Database | undefined): number {
  return db ? Number(readPragma(db, 'page_count')) * Number(readPragma(db, 'page_size')) : 0;
}

function fileSize(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
