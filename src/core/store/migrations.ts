import { UserError } from '../base/errors.ts';
import { type Database, inTransaction, readPragma } from './database/sqlite.ts';
import { EVALS_1, EVALS_2 } from './evals/evals-tables.ts';
import { JOBS_1 } from './jobs/jobs-room.ts';
import { LEDGER_1, LEDGER_2 } from './ledger/ledger-tables.ts';
import type { RoomName } from './rooms.ts';
import { RUNS_1, RUNS_2, RUNS_3, RUNS_4 } from './runs/runs-tables.ts';
import { STATE_1 } from './state/state-room.ts';

/** One migration step, named by the room whose tables it changes. */
type Migration = readonly { room: RoomName; sql: string }[];

/** Entry n takes a database from version n to n + 1. Only ever append: released steps never change. */
const MIGRATIONS: readonly Migration[] = [
  [
    { room: 'runs', sql: RUNS_1 },
    { room: 'state', sql: STATE_1 },
  ],
  [{ room: 'runs', sql: RUNS_2 }],
  [{ room: 'runs', sql: RUNS_3 }],
  [
    { room: 'jobs', sql: JOBS_1 },
    { room: 'runs', sql: RUNS_4 },
  ],
  [
    { room: 'evals', sql: EVALS_1 },
    { room: 'ledger', sql: LEDGER_1 },
  ],
  [
    { room: 'evals', sql: EVALS_2 },
    { room: 'ledger', sql: LEDGER_2 },
  ],
];

export const SCHEMA_VERSION = MIGRATIONS.length;

/** "LLMO": every database of ours has it in its header, to distinguish it from other programs' files. */
export const APPLICATION_ID = 0x4c4c4d4f;
/** The last version whose databases were created without it. */
const LAST_UNSTAMPED = 2;

/** Throws `store-newer` before anything is written. */
export function checkVersion(version: number, path: string): void {
  if (version <= SCHEMA_VERSION) return;
  throw new UserError(
    `The database ${path} was written by a newer version of LLMOps Workbench (its format is ${version}; this version supports ${SCHEMA_VERSION}).`,
    {
      code: 'store-newer',
      hint: 'Update the extension or the command line tool. The file was not changed; to start a new one, move it elsewhere.',
    },
  );
}

/** Updates the schema and marks the database as ours, each step completely or not at all. */
export function migrate(db: Database, path: string): void {
  while (readVersion(db) < SCHEMA_VERSION) {
    inTransaction(db, () => {
      // Read again under the lock: another window may have migrated while this one waited.
      const version = readVersion(db);
      checkVersion(version, path);
      const step = MIGRATIONS[version];
      if (step === undefined) return;
      apply(db, step);
      db.exec(`PRAGMA user_version = ${version + 1}; PRAGMA application_id = ${APPLICATION_ID}`);
    });
  }
  if (Number(readPragma(db, 'application_id')) !== APPLICATION_ID) {
    inTransaction(db, () => db.exec(`PRAGMA application_id = ${APPLICATION_ID}`));
  }
}

function apply(db: Database, step: Migration): void {
  for (const { sql } of step) db.exec(sql);
}

/** Creates the schema of a version without the mark, to compare a database with; false for a later version. */
export function createUnstamped(db: Database, version: number): boolean {
  if (version > LAST_UNSTAMPED) return false;
  for (const step of MIGRATIONS.slice(0, version)) apply(db, step);
  return true;
}

export function readVersion(db: Database): number {
  return Number(db.prepare('PRAGMA user_version').get()?.user_version);
}
