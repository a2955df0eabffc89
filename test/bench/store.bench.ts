import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openStore } from '../../src/core/store/open-store.ts';
import type { RunFilter, RunRecord } from '../../src/core/store/runs/run-record.ts';
import type { Store } from '../../src/core/store/store.ts';

// Speed of the run history, each figure compared with bare node:sqlite in the same process. Run: node test/bench/store.bench.ts

const HISTORY = 100_000;
const INSERTED = 20_000;
const REPEATS = 9;
const MODELS = ['openai/gpt-6', 'anthropic/claude-5', 'vertexai/gemini-4', 'demo/steady'];
const PROMPTS = ['prompts/churn.prompt', 'prompts/summary.prompt', 'prompts/triage.prompt'];

const folder = mkdtempSync(join(tmpdir(), 'llmops-store-bench-'));
const vocabulary = Array.from({ length: 5000 }, (_, n) =>
  ((n + 1) * 7919).toString(26).replace(/\d/g, (d) => 'qwertyuiop'[Number(d)] ?? 'q'),
);
let seed = 42;

/** The same numbers each time, so that benchmark runs can be compared. */
function random(): number {
  seed = (seed * 1664525 + 1013904223) % 2 ** 32;
  return seed / 2 ** 32;
}

/** About 500 characters, with common words more often than rare ones, as in prose. */
function writeText(): string {
  return Array.from({ length: 110 }, () => vocabulary[Math.floor(random() ** 3 * vocabulary.length)])
    .join(' ')
    .slice(0, 500);
}

function makeRun(n: number): RunRecord {
  const text = writeText();
  const model = MODELS[n % MODELS.length] ?? 'demo/steady';
  return {
    id: randomUUID(),
    comparisonId: `comparison-${n >> 2}`,
    column: n % 4,
    repeat: 0,
    startedAt: 1_700_000_000_000 + n * 1000,
    endedAt: 1_700_000_000_900 + n * 1000,
    state: n % 50 === 0 ? 'failed' : 'done',
    model,
    simulated: model.startsWith('demo/'),
    promptPath: PROMPTS[n % PROMPTS.length],
    promptName: 'churn',
    sourceHash: 'ab'.repeat(32),
    contentHash: 'cd'.repeat(32),
    input: { customer: 'Ada', months: n % 60 },
    messages: [{ role: 'user', parts: [{ type: 'text', text: 'Will this customer leave? Answer as JSON.' }] }],
    parameters: { temperature: 0.2, maxOutputTokens: 1024 },
    output: { format: 'text' },
    text,
    reasoning: '',
    message: undefined,
    finishReason: 'stop',
    servedModel: model,
    usage: { inputTokens: 420, outputTokens: 130, cacheReadTokens: 12 },
    usageEstimated: false,
    costUsd: 0.0031,
    ttftMs: 310,
    elapsedMs: 2140,
    tokensPerSecond: 61.2,
    schemaValid: undefined,
    schemaProblems: [],
    warnings: [],
    error: undefined,
    rawRequest: undefined,
    rawResponse: undefined,
    rating: n % 200 === 0 ? 'up' : undefined,
    note: undefined,
  };
}

const makeRuns = (count: number) => Array.from({ length: count }, (_, n) => makeRun(n));

interface Result {
  name: string;
  value: number;
  unit: string;
  target?: string;
}

const results: Result[] = [];
function report(name: string, value: number, { unit, target }: { unit: string; target?: string }): void {
  results.push({ name, value: Math.round(value * 100) / 100, unit, ...(target === undefined ? {} : { target }) });
}

const open = (name: string): Promise<Store> =>
  openStore({
    path: join(folder, name, 'llmops.db'),
    log: { debug() {}, info() {}, warn: console.warn, error: console.error },
    now: Date.now,
    workerUrl: new URL('../../src/core/store/worker.ts', import.meta.url),
  });

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

function inBatches(runs: RunRecord[], size: number): RunRecord[][] {
  return Array.from({ length: Math.ceil(runs.length / size) }, (_, n) => runs.slice(n * size, (n + 1) * size));
}

/** Full round trips: cloned to the worker, committed, acknowledged. `indexed` includes the search index, built afterwards. */
async function measureWrites(size: number): Promise<Record<'inserted' | 'finished' | 'indexed', number>> {
  const batches = inBatches(makeRuns(INSERTED), size);
  const store = await open(`insert-${size}`);
  const rate = (elapsedMs: number) => (INSERTED / elapsedMs) * 1000;
  const inserting = performance.now();
  for (const batch of batches) await store.runs.start(batch);
  const indexing = performance.now();
  await store.runs.list({ filter: { search: 'churn' }, limit: 1 });
  const finishing = performance.now();
  for (const batch of batches) await store.runs.finish(batch);
  const end = performance.now();
  await store.close();
  return {
    inserted: rate(indexing - inserting),
    indexed: rate(finishing - inserting),
    finished: rate(end - finishing),
  };
}

/** The same records as one JSON row each, in this thread, with only the key as index: the minimum cost of storing them. */
function measureBareInserts(size: number): number {
  const batches = inBatches(makeRuns(INSERTED), size);
  const db = new DatabaseSync(join(folder, `bare-${size}.db`));
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE runs (id TEXT PRIMARY KEY, body TEXT)');
  const insert = db.prepare('INSERT INTO runs VALUES (?, ?)');
  const start = performance.now();
  for (const batch of batches) {
    db.exec('BEGIN IMMEDIATE');
    for (const run of batch) insert.run(run.id, JSON.stringify(run));
    db.exec('COMMIT');
  }
  const rate = (INSERTED / (performance.now() - start)) * 1000;
  db.close();
  return rate;
}

const FILTERS: Record<string, RunFilter> = {
  'first page': {},
  'one model': { model: 'demo/steady' },
  'one prompt': { promptPath: 'prompts/triage.prompt' },
  rated: { rating: 'any' },
  'failed of one model': { state: 'failed', model: 'vertexai/gemini-4' },
  'one hour, long ago': { since: 1_700_000_000_000, until: 1_700_003_600_000 },
  'nothing matches': { model: 'openai/none' },
  'search, common word': { search: vocabulary[1] ?? '' },
  'search, rare word': { search: vocabulary[4990] ?? '' },
  'search, every run': { search: 'churn' },
};

async function measureHistory(store: Store): Promise<void> {
  for (const [name, filter] of Object.entries(FILTERS)) {
    const times: number[] = [];
    for (let n = 0; n < REPEATS; n++) {
      const start = performance.now();
      await store.runs.list({ filter, limit: 100 });
      times.push(performance.now() - start);
    }
    report(`history of ${HISTORY} runs: ${name}, p50`, median(times), { unit: 'ms', target: '≤ 100' });
  }
}

/** The wait before the Runs view is first shown: thread, file, first page, filter choices. */
async function measureColdOpen(): Promise<void> {
  const times: Record<'opened' | 'listed', number[]> = { opened: [], listed: [] };
  for (let n = 0; n < REPEATS; n++) {
    const start = performance.now();
    const store = await open('history');
    times.opened.push(performance.now() - start);
    const listing = performance.now();
    await Promise.all([store.runs.list({ limit: 100 }), store.runs.distinctValues()]);
    times.listed.push(performance.now() - listing);
    await store.close();
  }
  report('history, cold: first page and filter choices, p50', median(times.listed), { unit: 'ms', target: '≤ 100' });
  report('thread started and file opened, p50 (types stripped)', median(times.opened), { unit: 'ms' });
}

function measureBareList(): number {
  const db = new DatabaseSync(join(folder, 'history', 'llmops.db'), { readOnly: true });
  const times: number[] = [];
  for (let n = 0; n < REPEATS; n++) {
    const start = performance.now();
    db.prepare('SELECT * FROM runs ORDER BY started_at DESC, id DESC LIMIT 100').all();
    times.push(performance.now() - start);
  }
  db.close();
  return median(times);
}

try {
  for (const size of [100, 1000]) {
    const [bare, rates] = [measureBareInserts(size), await measureWrites(size)];
    report(`inserts, batches of ${size}`, rates.inserted, { unit: 'runs/s', target: '≥ 20000' });
    report(`inserts, batches of ${size}: bare node:sqlite`, bare, { unit: 'runs/s' });
    report(`inserts, batches of ${size}: ratio to bare`, rates.inserted / bare, { unit: '×' });
    report(`inserts, batches of ${size}, and indexed for search`, rates.indexed, { unit: 'runs/s' });
    report(`finished runs replaced, batches of ${size}`, rates.finished, { unit: 'runs/s' });
  }
  const store = await open('history');
  for (const batch of inBatches(makeRuns(HISTORY), 1000)) await store.runs.start(batch);
  const start = performance.now();
  await store.runs.list({ filter: { search: 'churn' }, limit: 1 });
  report('indexing for search, when nothing was indexed before', (HISTORY / (performance.now() - start)) * 1000, {
    unit: 'runs/s',
  });
  await measureHistory(store);
  report('size of the file', (await store.status()).sizeBytes / 1024 / 1024, { unit: 'MB' });
  await store.close();
  await measureColdOpen();
  report('history, first page: bare node:sqlite, p50', measureBareList(), { unit: 'ms' });
  for (const result of results) console.log(JSON.stringify(result));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
