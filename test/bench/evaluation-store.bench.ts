import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CaseFilter, CaseSort, CellWithAnswer, NewCell } from '../../src/core/store/evals/eval-record.ts';
import { openStore } from '../../src/core/store/open-store.ts';
import type { Store } from '../../src/core/store/store.ts';
import { fillEvaluation } from '../bed/fill-evaluation.ts';

// The host's part of the Evaluation panel: a stored result of 50,000 cases in two columns with three scores each, and how
// fast cells are stored. Run: node test/bench/evaluation-store.bench.ts

const CASES = 50_000;
const STORED = 10_000;
const BATCH = 1000;
const PAGE = 50;
const REPEATS = 7;
const BY_NUMBER: CaseSort = { by: 'number', descending: false };

interface Result {
  name: string;
  value: number;
  unit: string;
  target?: string;
}

const results: Result[] = [];
function report(name: string, value: number, of: { unit: string; target?: string }): void {
  results.push({ name, value: Math.round(value * 100) / 100, ...of });
}

const folder = mkdtempSync(join(tmpdir(), 'llmops-evaluation-bench-'));
const open = (): Promise<Store> =>
  openStore({
    path: join(folder, '.llmops', 'llmops.db'),
    log: { debug() {}, info() {}, warn: console.warn, error: console.error },
    now: Date.now,
    workerUrl: new URL('../../src/core/store/worker.ts', import.meta.url),
  });

async function medianMs(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < REPEATS; n += 1) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return times.toSorted((a, b) => a - b)[REPEATS >> 1] ?? Number.NaN;
}

/** What a panel waits for: the thread, the file, the record, the first list, the first page. */
async function measureOpening(id: string): Promise<void> {
  const ms = await medianMs(async () => {
    const store = await open();
    const [, list] = await Promise.all([
      store.evals.get(id),
      store.evals.listCases(id, { filter: {}, sort: BY_NUMBER }),
      store.evals.matrix(id),
      store.evals.identities(id),
    ]);
    const places = [...list.places.subarray(0, PAGE)];
    await Promise.all([store.evals.cases(id, places), store.evals.cells(id, places)]);
    await store.close();
  });
  report('opened: thread, record, matrix, identities, list and first page, p50', ms, { unit: 'ms', target: '≤ 1000' });
}

const FIGURES = { unit: 'ms', target: '≤ 100' };
const TEXTS = { unit: 'ms', target: '≤ 500' };

async function measureLists(store: Store, id: string, against: string): Promise<void> {
  const list = (filter: CaseFilter, sort = BY_NUMBER, other?: string) =>
    medianMs(() => store.evals.listCases(id, { filter, sort, against: other }));
  for (const state of ['failed', 'errors', 'regressed', 'changed', 'flaky'] as const) {
    report(`filter: ${state}, p50`, await list({ state }), FIGURES);
  }
  report(
    'filter: regressed against a stored result, p50',
    await list({ state: 'regressed' }, BY_NUMBER, against),
    FIGURES,
  );
  report('filter: tag and failed metric, p50', await list({ tag: 'price', metric: 'schemaValid' }), FIGURES);
  report('sort: change, p50', await list({}, { by: 'change', descending: false }), FIGURES);
  report('sort: id, p50', await list({}, { by: 'id', descending: false }), { unit: 'ms' });
  report('text: rare, p50', await list({ text: 'customer 4999.' }), TEXTS);
  report('text: none, p50', await list({ text: 'no such text' }), TEXTS);
  report('regex, p50', await list({ text: 'custom\\w+ \\d+7\\. .*spring', isRegex: true }), TEXTS);
}

/** How long another request waits while a pattern that never ends is searched for. */
async function measureHostilePattern(store: Store, id: string): Promise<void> {
  const filter = { text: '^(\\w+\\s?)*$', isRegex: true };
  const start = performance.now();
  let longest = 0;
  let isSearching = true;
  const searching = store.evals.listCases(id, { filter, sort: BY_NUMBER }).catch(() => undefined);
  void searching.finally(() => {
    isSearching = false;
  });
  while (isSearching) {
    const asked = performance.now();
    await store.evals.get(id);
    longest = Math.max(longest, performance.now() - asked);
  }
  report('hostile regex: given up after', performance.now() - start, { unit: 'ms' });
  report('hostile regex: longest wait of another request', longest, { unit: 'ms' });
}

const toNewCell = ({ answerId: _, rating, comment, ...cell }: CellWithAnswer): NewCell => cell;

/** Whole round trips: encoded, sent, committed, acknowledged. */
async function measureStoring(store: Store, id: string): Promise<void> {
  const places = Array.from({ length: STORED / 2 }, (_, place) => place);
  const cells = (await store.evals.cells(id, places)).map(toNewCell);
  const record = await store.evals.get(id);
  if (record === undefined) throw new Error('The result is missing.');
  await store.evals.create({ ...record, id: 'stored' });
  const start = performance.now();
  for (let from = 0; from < cells.length; from += BATCH) {
    await store.evals.addCells('stored', cells.slice(from, from + BATCH), []);
  }
  const ms = performance.now() - start;
  report(`stored: batches of ${BATCH} cells with their answers`, (ms / cells.length) * BATCH, {
    unit: 'ms/1000 cells',
  });
}

try {
  const size = { cases: CASES };
  const filling = performance.now();
  const id = await fillEvaluation(folder, { ...size, id: 'now' });
  report('filled: 50,000 cases and 100,000 cells', (performance.now() - filling) / 1000, { unit: 's' });
  const against = await fillEvaluation(folder, { ...size, id: 'before' });
  await measureOpening(id);
  const store = await open();
  report('matrix, p50', await medianMs(() => store.evals.matrix(id)), { unit: 'ms', target: '≤ 300' });
  report('identities, p50', await medianMs(() => store.evals.identities(id)), { unit: 'ms' });
  await measureLists(store, id, against);
  await measureHostilePattern(store, id);
  await measureStoring(store, id);
  const deleting = performance.now();
  await store.evals.delete([against]);
  report('deleted: 100,000 cells', performance.now() - deleting, { unit: 'ms' });
  report('size of the file', (await store.status()).sizeBytes / 1024 / 1024, { unit: 'MB' });
  await store.close();
  for (const result of results) console.log(JSON.stringify(result));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
