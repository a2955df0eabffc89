/**
 * `runs` contains what the history lists and filters by; texts and raw exchanges are in tables of their own, so that a
 * page of history never reads them. Free text is stored as JSON: SQLite's text loses null bytes and lone surrogates.
 * `runs_history` covers every filter, so that the rarest combination is one walk over the index.
 */
export const RUNS_1 = `
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
`;

/** For a prompt without partials, the hash of its text; for older runs with partials, unknown. */
export const RUNS_2 = `
ALTER TABLE runs ADD COLUMN content_hash TEXT;
UPDATE runs SET content_hash = details ->> '$.sourceHash';
CREATE INDEX runs_content ON runs (content_hash, started_at);
`;

/** Whether a run is simulated, and so free: recorded by connection type; of older runs, only the name is known. */
export const RUNS_3 = `
ALTER TABLE runs ADD COLUMN simulated INTEGER NOT NULL DEFAULT 0;
UPDATE runs SET simulated = 1 WHERE model GLOB 'demo/*';
`;

/** The heartbeats of runs are in the journal of jobs. */
export const RUNS_4 = `
DROP INDEX runs_streaming;
ALTER TABLE runs DROP COLUMN heartbeat;
`;
