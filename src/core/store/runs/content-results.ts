import { createHash } from 'node:crypto';
import type { Database } from '../database/sqlite.ts';
import type { ContentSummary, RunContent } from './run-record.ts';

const BY_MODEL = `SELECT content_hash, model, simulated, run_inputs.body ->> '$.input' AS input,
    sum(state = 'done') AS done, sum(state = 'failed') AS failed,
    sum(state = 'done' AND (details ->> '$.schemaValid') IS NOT NULL) AS checked,
    sum(state = 'done' AND (details ->> '$.schemaValid') = 1) AS valid,
    sum(rating = 'up') AS up, sum(rating = 'down') AS down,
    total(cost_usd) FILTER (WHERE state = 'done') AS usd, count(cost_usd) FILTER (WHERE state = 'done') AS usd_count,
    total(details ->> '$.elapsedMs') FILTER (WHERE state = 'done') AS ms,
    count(details ->> '$.elapsedMs') FILTER (WHERE state = 'done') AS ms_count,
    min(started_at) AS first_at, max(started_at) AS last_at
  FROM runs LEFT JOIN run_inputs ON run_inputs.run = runs.seq WHERE content_hash IN (SELECT value FROM json_each(?)) AND state IN ('done', 'failed')
  GROUP BY content_hash, model, simulated, input ORDER BY content_hash, model, last_at DESC`;

export function summarizeContents(db: Database, contentHashes: readonly string[]): ContentSummary[] {
  const rows = db.prepare(BY_MODEL).all(JSON.stringify(contentHashes));
  const found = new Map<string, ContentSummary>();
  for (const row of rows) {
    const hash = String(row.content_hash);
    const summary = found.get(hash) ?? emptySummary(hash);
    found.set(hash, summary);
    addRow(summary, row);
  }
  return [...found.values()];
}

function addRow(summary: ContentSummary, row: Record<string, unknown>): void {
  const value = (name: string) => Number(row[name] ?? 0);
  const model = String(row.model);
  const simulated = row.simulated === 1;
  if (!summary.models.includes(model)) summary.models.push(model);
  summary.done += value('done');
  summary.failed += value('failed');
  if (simulated) summary.demo += value('done');
  summary.schema.checked += value('checked');
  summary.schema.valid += value('valid');
  summary.ratings.up += value('up');
  summary.ratings.down += value('down');
  summary.cost.usd += value('usd');
  summary.cost.count += value('usd_count');
  summary.latency.ms += value('ms');
  summary.latency.count += value('ms_count');
  summary.firstAt = Math.min(summary.firstAt, value('first_at'));
  summary.lastAt = Math.max(summary.lastAt, value('last_at'));
  if (typeof row.input !== 'string' || (summary.groups?.length ?? 0) >= MOST_GROUPS) return;
  summary.groups?.push({
    model,
    simulated,
    input: createHash('sha256').update(row.input).digest('hex').slice(0, 12),
    schema: { checked: value('checked'), valid: value('valid') },
    ratings: { up: value('up'), down: value('down') },
    cost: { usd: value('usd'), count: value('usd_count') },
    latency: { ms: value('ms'), count: value('ms_count') },
  });
}

/** The number of runs per content that is enough for a comparison, for content that was run with a whole dataset. */
const MOST_GROUPS = 500;

export function emptySummary(contentHash: string): ContentSummary {
  return {
    contentHash,
    done: 0,
    failed: 0,
    demo: 0,
    models: [],
    schema: { checked: 0, valid: 0 },
    ratings: { up: 0, down: 0 },
    cost: { usd: 0, count: 0 },
    latency: { ms: 0, count: 0 },
    firstAt: Number.MAX_SAFE_INTEGER,
    lastAt: 0,
    groups: [],
  };
}

export function listContents(db: Database, since: number): RunContent[] {
  // SQLite takes the other columns of a group from the row with the maximum.
  const sql = `SELECT content_hash, prompt_path, max(started_at) AS last_at FROM runs
    WHERE content_hash IS NOT NULL AND state IN ('done', 'failed') AND started_at >= ? GROUP BY content_hash`;
  return db
    .prepare(sql)
    .all(since)
    .map((row) => ({
      contentHash: String(row.content_hash),
      promptPath: typeof row.prompt_path === 'string' ? row.prompt_path : undefined,
      lastAt: Number(row.last_at),
    }));
}
