import type { Database } from '../database/sqlite.ts';
import { filterRuns } from './read-runs.ts';
import type { RunDay, RunFilter } from './run-record.ts';

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
