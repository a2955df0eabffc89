import { statSync } from 'node:fs';
import {
  type FileIdentity,
  identifyFile,
  openDatabaseFile,
  openMemoryDatabase,
  openReadOnlyFile,
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
export class Engine {
  private readonly path: string;
  private readonly longestBusyMs: number;
  private readonly readOnly: boolean;
  private readonly busyTimeoutMs: number;
  private db: Database | undefined;
  private identity: FileIdentity | undefined;
  private lastAt = 0;
  private inMemory: boolean;
  private readonly notices: string[] = [];

  constructor({ path, busyTimeoutMs: longestBusyMs, readOnly = false }: StoreWorkerData) {
    this.path = path;
    this.readOnly = readOnly;
    this.longestBusyMs = longestBusyMs;
    this.busyTimeoutMs = Math.min(longestBusyMs, BUSY_SLICE_MS);
    this.inMemory = path === MEMORY_PATH;
    if (this.inMemory) this.notices.push('No folder is open: runs are kept until this window closes.');
  }

  /** A method of a room such as `runs.list`, or `open`, `status` and `close`. Throws UserError only. */
  async perform(method: string, args: unknown[], call: EngineCall): Promise<unknown> {
    this.lastAt = call.at;
    try {
      if (method === 'close') return this.closeDatabase();
      try {
        return await this.attemptWhileBusy(method, args, call);
      } catch (error) {
        if (!this.recover(error, call.at)) throw error;
        return await this.attemptWhileBusy(method, args, call);
      }
    } catch (error) {
      throw toStoreError(error, this.path);
    }
  }

  /** Indexes a few runs for search; false once there is nothing left, or the database is busy elsewhere. */
  indexSome(): boolean {
    try {
      return (
        this.db !== undefined && !this.readOnly && indexQueued(this.db, { limit: INDEX_STEP, streaming: false }) > 0
      );
    } catch (error) {
      return !isBusy(error) && this.tryRecover(error);
    }
  }

  private open(at: number): Database {
    if (this.inMemory) return openMemoryDatabase();
    if (this.readOnly) return openReadOnlyFile(this.path);
    try {
      return this.openFile(at);
    } catch (error) {
      const reason = describeUnwritable(error);
      if (reason === undefined) throw error;
      this.inMemory = true;
      this.notices.push(
        `The history cannot be saved in ${this.path}: ${reason}. Runs are kept in memory only, until this window or command ends. To keep them, make the folder writable and restart.`,
      );
      return openMemoryDatabase();
    }
  }

  private openFile(at: number): Database {
    const before = identifyFile(this.path);
    try {
      return openDatabaseFile({ path: this.path, busyTimeoutMs: this.busyTimeoutMs });
    } catch (error) {
      if (!isCorrupt(error)) throw error;
      this.moveAside(before, at);
      return openDatabaseFile({ path: this.path, busyTimeoutMs: this.busyTimeoutMs });
    }
  }

  /** Only the very file that was found corrupted: another window may have put a new one in its place already. */
  private moveAside(damaged: FileIdentity | undefined, at: number): void {
    if (damaged === undefined || identifyFile(this.path) !== damaged) return;
    const aside = setAside(this.path, at);
    this.notices.push(
      `The database ${this.path} was corrupted. It was moved to ${aside}, and a new history was started.`,
    );
  }

  private closeDatabase(): void {
    const closing = this.db;
    this.db = undefined;
    closing?.close();
  }

  private ensureOpen(at: number): Database {
    if (this.db && !this.inMemory && identifyFile(this.path) !== this.identity) {
      this.closeDatabase();
      this.notices.push(
        `The database ${this.path} was deleted or replaced while it was open; the history continues in a new one.`,
      );
    }
    if (this.db) {
      // Another window may have been updated, and its newer version may have changed the tables.
      checkVersion(readVersion(this.db), this.path);
    } else {
      this.db = this.open(at);
      this.identity = this.inMemory ? undefined : identifyFile(this.path);
    }
    return this.db;
  }

  private status(): StoreStatus {
    return {
      path: this.path,
      mode: this.inMemory ? 'memory' : 'file',
      sizeBytes: this.inMemory ? memorySize(this.db) : fileSize(this.path) + fileSize(`${this.path}-wal`),
      runs: this.db ? countRuns(this.db) : 0,
      notices: [...this.notices],
    };
  }

  private async attempt(method: string, args: unknown[], call: EngineCall): Promise<unknown> {
    const context: RoomContext = { db: this.ensureOpen(call.at), ...call };
    if (method === 'open') return undefined;
    return method === 'status' ? this.status() : await findMethod(method)(context, ...args);
  }

  /** A request that met a lock has changed nothing: it is repeated until the lock is gone or the time is over. */
  private async attemptWhileBusy(...request: Parameters<Engine['attempt']>): Promise<unknown> {
    for (const until = performance.now() + this.longestBusyMs; ; ) {
      try {
        return await this.attempt(...request);
      } catch (error) {
        if (!isBusy(error) || performance.now() >= until) throw error;
      }
    }
  }

  /** Recovers from what can be recovered; false if the error is the answer. */
  private recover(error: unknown, at: number): boolean {
    if (this.readOnly) return false;
    if (isSearchIndexCorrupt(error) && this.db) {
      resetSearchIndex(this.db);
      return true;
    }
    if (isMoved(error)) {
      this.closeDatabase();
      return true;
    }
    if (!isCorrupt(error) || this.inMemory) return false;
    this.closeDatabase();
    try {
      this.moveAside(this.identity, at);
      return true;
    } catch {
      return false;
    }
  }

  /** For background work: a failure that cannot be recovered from is reported by the next request. */
  private tryRecover(error: unknown): boolean {
    try {
      return this.recover(error, this.lastAt);
    } catch {
      return false;
    }
  }
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
