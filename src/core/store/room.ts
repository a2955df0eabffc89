import type { Database } from './database/sqlite.ts';

/** What a method works on: the open database, and the client's clock in epoch milliseconds. */
export interface RoomContext {
  db: Database;
  at: number;
}

/** A part of the database. No other room writes to its tables; `migrations.ts` has the steps that make them. */
export interface Room {
  tables: readonly string[];
  methods: Record<string, (context: RoomContext, ...args: never[]) => unknown>;
}
