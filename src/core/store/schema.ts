import { UserError } from '../base/errors.ts';
import { type Database, inTransaction, readPragma } from './database/sqlite.ts';

/**
 * `runs` holds what the history lists and filters by; texts and raw exchanges stand in tables of their own, so that a
 * page of history never reads past them. Free text is stored as JSON: SQLite's text loses null bytes and lone surrogates.
 * `runs_history` covers every filter, so that the rarest combination is one walk over the index.
 */
const VERSION_1 = `
CREATE TABLE runs (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  comparison_id TEXT NOT NULL,
  column_no INTEGER NOT NULL,
  repeat_no INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  heartbeat INTEGER NOT NULL,
  state TEXT NOT NULL,
  model TEXT NOT NULL,
  prompt_path TEXT,
  prompt_name TEXT NOT NULL,
  cost_usd REAL,
  rating TEXT,
  note TEXT,
  usage TEXT NOT NULL,
  preview TEXT NOT NULL,
  details TEXT NOT NULL
);
CREATE INDEX runs_history ON runs (started_at, id, model, prompt_path, state, rating);
CREATE INDEX runs_comparison ON runs (comparison_id);
CREATE INDEX runs_streaming ON runs (heartbeat) WHERE state = 'streaming';

CREATE TABLE run_inputs (run INTEGER PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE run_answers (run INTEGER PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE run_raw (run INTEGER PRIMARY KEY, body TEXT NOT NULL);

CREATE VIRTUAL TABLE run_search USING fts5(
  prompt_name, answer,
  content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2'
);
-- Runs whose text is not in run_search yet: indexing costs as much as all other writing, so it follows when idle.
CREATE TABLE search_queue (run INTEGER PRIMARY KEY);

CREATE TRIGGER runs_deleted AFTER DELETE ON runs BEGIN
  DELETE FROM run_inputs WHERE run = old.seq;
  DELETE FROM run_answers WHERE run = old.seq;
  DELETE FROM run_raw WHERE run = old.seq;
  DELETE FROM search_queue WHERE run = old.seq;
  DELETE FROM run_search WHERE rowid = old.seq;
END;

CREATE TABLE workspace_values (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
`;

/** A run of a prompt without partials has the hash of its text; of one with partials, nothing older is known. */
const VERSION_2 = `
ALTER TABLE runs ADD COLUMN content_hash TEXT;
UPDATE runs SET content_hash = details ->> '$.sourceHash';
CREATE INDEX runs_content ON runs (content_hash, started_at);
`;

/** Whether nobody pays for a run. Since then the type of its connection says so; of older runs only the name is known. */
const VERSION_3 = `
ALTER TABLE runs ADD COLUMN simulated INTEGER NOT NULL DEFAULT 0;
UPDATE runs SET simulated = 1 WHERE model GLOB 'demo/*';
`;

/** Entry n takes a database from version n to n + 1. Only ever append: released steps never change. */
const MIGRATIONS: readonly string[] = [VERSION_1, VERSION_2, VERSION_3];

export const SCHEMA_VERSION = MIGRATIONS.length;

/** "LLMO": every database of ours has it in its header, so that no other program's file is taken for one. */
export const APPLICATION_ID = 0x4c4c4d4f;
/** The last version whose databases were made without it. */
const LAST_UNSTAMPED = 2;

/** Throws `store-newer` before anything is written. */
export function checkVersion(version: number, path: string): void {
  if (version <= SCHEMA_VERSION) return;
  throw new UserError(
    `The database ${path} was written by a newer version of LLMOps Workbench (its format is ${version}, this version knows ${SCHEMA_VERSION}).`,
    {
      code: 'store-newer',
      hint: 'Update the extension or the command line tool. The file was left as it is; to begin a new one, move it away.',
    },
  );
}

/** Brings the schema up to date and marks the database as ours, each step whole or not at all. */
export function migrate(db: Database, path: string): void {
  while (readVersion(db) < SCHEMA_VERSION) {
    inTransaction(db, () => {
      // Read again under the lock: another window may have migrated while this one waited.
      const version = readVersion(db);
      checkVersion(version, path);
      const step = MIGRATIONS[version];
      if (step === undefined) return;
      db.exec(step);
      db.exec(`PRAGMA user_version = ${version + 1}; PRAGMA application_id = ${APPLICATION_ID}`);
    });
  }
  if (Number(readPragma(db, 'application_id')) !== APPLICATION_ID) {
    inTransaction(db, () => db.exec(`PRAGMA application_id = ${APPLICATION_ID}`));
  }
}

/** Makes what versions without the mark made, to compare a database with; false for a later version. */
export function createUnstamped(db: Database, version: number): boolean {
  if (version > LAST_UNSTAMPED) return false;
  for (const step of MIGRATIONS.slice(0, version)) db.exec(step);
  return true;
}

export function readVersion(db: Database): number {
  return Number(db.prepare('PRAGMA user_version').get()?.user_version);
}
