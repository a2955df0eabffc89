import type { Database } from '../database/sqlite.ts';
import { decodeRun, decodeSummary, type SqlValue, SUMMARY_COLUMNS } from './rows.ts';
import type { RunDay, RunFilter, RunPage, RunRecord, RunSummary } from './run-record.ts';
import { indexQueued, parseSearch } from './search.ts';

const MAX_PAGE = 10_000;
const INDEX_BATCH = 1000;

const RUN = `SELECT ${SUMMARY_COLUMNS},
  (SELECT body FROM run_inputs WHERE run = seq) AS inputs,
  (SELECT body FROM run_answers WHERE run = seq) AS answer,
  (SELECT body FROM run_raw WHERE run = seq) AS raw
  FROM runs`;

/** A condition with its values; conditions are joined by AND. */
interface Condition {
  sql: string;
  values: SqlValue[];
}

export function listRuns(db: Database, { filter = {}, limit, before }: RunPage): RunSummary[] {
  const cursor = before && { sql: '(started_at, id) < (?, ?)', values: [before.startedAt, before.id] };
  const { where, values } = filterRuns(db, filter, cursor ? [cursor] : []);
  // The index is named explicitly: by its statistics SQLite would sometimes collect and sort every match instead of one
  // page.
  const sql = `SELECT ${SUMMARY_COLUMNS} FROM runs INDEXED BY runs_history ${where}
    ORDER BY started_at DESC, id DESC LIMIT ?`;
  const page = Math.max(0, Math.min(Math.floor(limit), MAX_PAGE));
  const rows = db.prepare(sql).all(...values, page);
  return rows.map(decodeSummary);
}

/** The WHERE clause of a filter, with its values; empty if all runs match. */
export function filterRuns(
  db: Database,
  filter: RunFilter,
  others: readonly Condition[] = [],
): { where: string; values: SqlValue[] } {
  // New runs must be found at once, even though their indexing waits for an idle moment.
  if (filter.search !== undefined) while (indexQueued(db, { limit: INDEX_BATCH, streaming: true }) > 0);
  const conditions = [...filterConditions(filter), ...searchConditions(filter.search), ...others];
  const where = conditions.length > 0 ? `WHERE ${conditions.map(({ sql }) => sql).join(' AND ')}` : '';
  return { where, values: conditions.flatMap(({ values }) => values) };
}

function filterConditions(filter: RunFilter): Condition[] {
  const conditions: Condition[] = [];
  const add = (sql: string, value: SqlValue | undefined) => {
    if (value !== undefined) conditions.push({ sql, values: [value] });
  };
  add('started_at >= ?', filter.since);
  add('started_at <= ?', filter.until);
  add('prompt_path = ?', filter.promptPath);
  add('content_hash = ?', filter.contentHash);
  add('model = ?', filter.model);
  add('state = ?', filter.state);
  if (filter.rating === 'any') conditions.push({ sql: 'rating IS NOT NULL', values: [] });
  else add('rating = ?', filter.rating);
  return conditions;
}

function searchConditions(search: string | undefined): Condition[] {
  if (search === undefined) return [];
  const { match, pieces } = parseSearch(search);
  const conditions: Condition[] = pieces.map((piece) => ({
    sql: `(instr(prompt_name, ?) > 0
      OR EXISTS (SELECT 1 FROM run_answers WHERE run = seq AND instr(body ->> '$.text', ?) > 0))`,
    values: [piece, piece],
  }));
  if (match !== undefined) {
    conditions.push({ sql: 'seq IN (SELECT rowid FROM run_search WHERE run_search MATCH ?)', values: [match] });
  }
  return conditions;
}

export function getRun(db: Database, id: string): RunRecord | undefined {
  const row = db.prepare(`${RUN} WHERE id = ?`).get(id);
  return row === undefined ? undefined : decodeRun(row);
}

export function getComparison(db: Database, comparisonId: string): RunRecord[] {
  const rows = db.prepare(`${RUN} WHERE comparison_id = ? ORDER BY column_no, repeat_no, started_at`).all(comparisonId);
  return rows.map(decodeRun);
}

/** One walk over the index finds both; pairs are few. */
export function distinctValues(db: Database): { models: string[]; promptPaths: string[] } {
  const pairs = db.prepare('SELECT DISTINCT model, prompt_path FROM runs').all();
  const sorted = (values: unknown[]) => [...new Set(values.filter((value) => typeof value === 'string'))].sort();
  return {
    models: sorted(pairs.map((pair) => pair.model)),
    promptPaths: sorted(pairs.map((pair) => pair.prompt_path)),
  };
}

export function countRuns(db: Database): number {
  return Number(db.prepare('SELECT count(*) AS runs FROM runs').get()?.runs ?? 0);
}

/** Cost and latency per day (of this machine's calendar) and model, oldest day first. */
export function listDays(db: Database, filter: RunFilter): RunDay[] {
  const { where, values } = filterRuns(db, filter);
  const sql = `SELECT date(started_at / 1000.0, 'unixepoch', 'localtime') AS day, model, max(simulated) AS simulated,
      count(*) AS runs, sum(cost_usd) AS usd, count(cost_usd) AS priced,
      avg(CASE WHEN state = 'done' THEN details ->> '$.elapsedMs' END) AS latency
    FROM runs ${where} GROUP BY day, model ORDER BY day, model`;
  return db
    .prepare(sql)
    .all(...values)
    .map((row) => ({
      day: String(row.day),
      model: String(row.model),
      simulated: row.simulated === 1,
      runs: Number(row.runs),
      costUsd: typeof row.usd === 'number' ? row.usd : undefined,
      priced: Number(row.priced),
      latencyMs: typeof row.latency === 'number' ? row.latency : undefined,
    }));
}
