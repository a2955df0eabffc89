// The panel of a result with 100,000 cells (50,000 cases × 2, answers of 300 characters, 3 scores each): how soon it shows
// its first rows, how soon it is filtered and searched, and how long a frame takes while it is scrolled.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { openStore } from '../../src/core/store/open-store.ts';
import { EvaluationSession } from '../../src/panels/evaluation/evaluation-session.ts';
import { fillEvaluation } from '../bed/fill-evaluation.ts';
import { openBed } from '../bed/workbench.mjs';
import { median, percentile } from './figures.mjs';
import { scrollThrough, watchFirstRow, watchTasks } from './table-page.mjs';

const CASES = 50_000;
const REPEATS = 5;
const QUERY = {
  filter: {},
  sort: { by: 'number', descending: false },
  grouping: 'none',
  shown: 0,
  places: { selection: [], active: undefined, first: undefined },
};

function report(name, value, unit, target) {
  console.log(JSON.stringify({ name, value: Number(value.toFixed(1)), unit, ...(target && { target }) }));
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const idle = {
  active: () => [],
  onChange: () => () => {},
  summarize: async () => undefined,
  messages: async () => undefined,
};

async function openSession(folder, id) {
  const store = await openStore({
    path: path.join(folder, '.llmops', 'llmops.db'),
    log: silent,
    now: Date.now,
    workerUrl: new URL('../../src/core/store/worker.ts', import.meta.url),
  });
  const session = await EvaluationSession.open({
    id,
    store: store.evals,
    until: (signal) => store.during({ signal }).evals,
    evals: idle,
    canRun: () => true,
    editing: () => ({ problem: '' }),
    hasFile: async () => false,
    notices: async () => [],
    send() {},
  });
  return { store, session };
}

async function timed(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** A new store each time: nothing of the result is in memory. */
async function measureOpen(folder, id) {
  const times = [];
  for (let turn = 0; turn < REPEATS; turn++) {
    const { store, session } = await openSession(folder, id);
    times.push(
      await timed(async () => {
        await Promise.all([session.snapshot(), session.openList(QUERY)]);
      }),
    );
    session.dispose();
    await store.close();
  }
  report('100,000 cells: snapshot, list and first rows, nothing in memory, p50', median(times), 'ms');
}

const LISTS = [
  ['filter by state', { filter: { state: 'regressed' } }, '<= 100'],
  ['filter by text', { filter: { text: 'an offer with a lower price' } }, '<= 500'],
  ['filter by expression', { filter: { text: 'Customer \\d*77\\d*\\.', isRegex: true } }, '<= 500'],
  ['sort by change', { sort: { by: 'change', descending: false } }],
  ['group by state', { grouping: 'state' }],
  ['group by tag', { grouping: 'tag' }],
];

async function measureLists(folder, id) {
  const { store, session } = await openSession(folder, id);
  await session.openList(QUERY);
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  for (const [name, query, target] of LISTS) {
    const times = [];
    for (let turn = 0; turn < REPEATS; turn++) times.push(await timed(() => session.openList({ ...QUERY, ...query })));
    report(`100,000 cells: ${name}, with its first rows, p50`, median(times), 'ms', target);
  }
  const { list } = await session.openList(QUERY);
  const pages = [];
  for (let turn = 0; turn < 50; turn++) {
    pages.push(await timed(() => session.readRows({ list, from: (turn * 1973) % CASES, count: 100 })));
  }
  report('100,000 cells: a page anywhere, p95', percentile(pages, 0.95), 'ms');
  const cases = [];
  for (let turn = 0; turn < 20; turn++) cases.push(await timed(() => session.readCase((turn * 977) % CASES)));
  report('100,000 cells: an open case, p95', percentile(cases, 0.95), 'ms');
  report('100,000 cells: the figures of the charts', await timed(() => session.readFigures('rougeL')), 'ms');
  delay.disable();
  report('host blocked at most', delay.max / 1e6, 'ms', '<= 50');
  session.dispose();
  await store.close();
}

async function measurePanel(folder) {
  await using bed = await openBed();
  const window = await bed.openWindow({ workspace: folder, copy: false, size: { width: 1440, height: 900 } });
  // the page of a panel is written into its frame, where scripts that run at the start of a document are lost
  window.page.on('framenavigated', (opened) => void opened.evaluate(watchFirstRow).catch(() => {}));
  const shown = [];
  const own = [];
  let frame;
  for (let turn = 0; turn < REPEATS; turn++) {
    await window.command('LLMOps: Open Evaluation Results…');
    const start = Date.now();
    await window.page.locator('.quick-input-list .monaco-list-row').first().click();
    const view = window.webview();
    await view.locator('[data-row="5"]').waitFor();
    frame = await view
      .locator('body')
      .elementHandle()
      .then((body) => body.ownerFrame());
    const { at, origin } = await frame.evaluate(() => ({ at: globalThis.firstRowAt, origin: performance.timeOrigin }));
    own.push(at);
    shown.push(origin + at - start);
    if (turn < REPEATS - 1) await window.command('View: Close Editor');
  }
  report('100,000 cells: from the page to its first rows, p50', median(own), 'ms', '<= 1000');
  report('100,000 cells: from the click to the first rows, with the window’s own webview, p50', median(shown), 'ms');
  await frame.evaluate(watchTasks);
  const { longestBlank, frames } = await frame.evaluate(scrollThrough);
  report('blank frames at a stretch while scrolling', longestBlank, 'frames');
  report('a frame while scrolling, p95', percentile(frames, 0.95), 'ms');
  report('longest frame while scrolling', Math.max(...frames), 'ms');
  report('longest task of the page', Math.max(0, ...(await frame.evaluate(() => globalThis.longTasks))), 'ms', '<= 50');
}

const folder = await mkdtemp(path.join(os.tmpdir(), 'evaluation-bench-'));
try {
  await mkdir(path.join(folder, 'prompts'));
  await writeFile(
    path.join(folder, 'prompts/churn-analysis.prompt'),
    '---\nmodel: demo/swift\n---\nWill they leave?\n',
  );
  const id = await fillEvaluation(folder, { cases: CASES });
  await measureOpen(folder, id);
  await measureLists(folder, id);
  await measurePanel(folder);
} finally {
  await rm(folder, { recursive: true, force: true });
}
