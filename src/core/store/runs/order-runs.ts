import type { Database } from '../database/sqlite.ts';
import { filterRuns } from './read-runs.ts';
import { decodeRun, decodeSummary, SUMMARY_COLUMNS } from './rows.ts';
import type { RunFilter, RunRecord, RunSort, RunSummary } from './run-record.ts';

/** The sort key of each column; NULL is unknown. */
const SORT_KEYS: Record<RunSort['by'], string> = {
  started: 'started_at',
  prompt: 'prompt_name COLLATE NOCASE',
  // v10 comes after v9, and other names after all numbers
  version: `CASE WHEN details ->> '$.version.label' GLOB 'v[0-9]*'
    THEN format('v%012d', CAST(substr(details ->> '$.version.label', 2) AS INTEGER))
    ELSE details ->> '$.version.label' END`,
  model: 'model',
  state: 'state',
  latency: `details ->> '$.elapsedMs'`,
  tokens: `coalesce(usage ->> '$.inputTokens' + usage ->> '$.outputTokens',
    usage ->> '$.inputTokens', usage ->> '$.outputTokens')`,
  cost: 'cost_usd',
  rating: 'rating',
};

/**
 * The keys of all matching runs, in order, so that a table of any length knows its number of rows and the rows of each
 * page, even if runs are added in the meantime. Runs with an unknown value come last in both directions; equal ones
 * newest first.
 */
export function orderRuns(db: Database, { filter, sort }: { filter: RunFilter; sort: RunSort }): Float64Array {
  const { where, values } = filterRuns(db, filter);
  const direction = sort.descending ? 'DESC' : 'ASC';
  const key = SORT_KEYS[sort.by];
  const order =
    sort.by === 'started'
      ? `started_at ${direction}, id ${direction}`
      : `${key} IS NULL, ${key} ${direction}, started_at DESC, id DESC`;
  // one text for all keys: reading each as a row from SQLite would take ten times as long
  const sql = `SELECT group_concat(seq, ',' ORDER BY ${order}) AS keys FROM runs ${where}`;
  const keys = db.prepare(sql).get(...values)?.keys;
  return typeof keys === 'string' ? Float64Array.from(keys.split(','), Number) : new Float64Array();
}

const BODIES = `
  (SELECT body FROM run_inputs WHERE run = seq) AS inputs,
  (SELECT body FROM run_answers WHERE run = seq) AS answer`;

/** In the order of the keys; a run deleted in the meantime is undefined. */
export function readByKey(db: Database, keys: readonly number[]): (RunSummary | undefined)[] {
  return readColumns(db, SUMMARY_COLUMNS, keys).map((row) => row && decodeSummary(row));
}

/** The same with inputs and answers, but without the raw exchange with the provider; deleted runs are omitted. */
export function readWholeByKey(db: Database, keys: readonly number[]): RunRecord[] {
  return readColumns(db, `${SUMMARY_COLUMNS}, ${BODIES}`, keys).flatMap((row) => (row ? [decodeRun(row)] : []));
}

function readColumns(db: Database, columns: string, keys: readonly number[]) {
  const sql = `SELECT ${columns} FROM runs WHERE seq IN (SELECT value FROM json_each(?))`;
  const rows = new Map(
    db
      .prepare(sql)
      .all(JSON.stringify(keys))
      .map((row) => [Number(row.seq), row]),
  );
  return keys.map((key) => rows.get(key));
}
