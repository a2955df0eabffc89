import type { Database } from './database/sqlite.ts';
import type { JobProgress } from './jobs/job-entry.ts';

/** What a method works on: the open database, and the client's clock in epoch milliseconds. */
export interface RoomContext {
  db: Database;
  at: number;
  /** Aborted when the client asks for an early end; only long methods check it. */
  signal: AbortSignal;
  report(progress: JobProgress): void;
}

/** A part of the database. No other room writes to its tables; `migrations.ts` has the steps that make them. */
export interface Room {
  tables: readonly string[];
  methods: Record<string, (context: RoomContext, ...args: never[]) => unknown>;
}
