// The table of a hundred thousand runs in the browser workbench: how soon its first rows show, how soon it is sorted, what a
// fast scroll leaves blank, and how long the extension host and the page are busy at a stretch.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { openStore } from '../../src/core/store/open-store.ts';
import { RunsSession } from '../../src/panels/runs/runs-session.ts';
import { fillHistory } from '../bed/fill-history.ts';
import { openBed } from '../bed/workbench.mjs';
import { median, percentile } from './figures.mjs';
import { scrollThrough, watchFirstRow, watchTasks } from './table-page.mjs';

const RUNS = 100_000;
const REPEATS = 5;
const SORTS = ['started', 'cost', 'latency', 'tokens', 'version', 'prompt'];
const PLACES = { selection: [], active: undefined, first: undefined };

function report(name, value, unit, target) {
  console.log(JSON.stringify({ name, value: Number(value.toFixed(1)), unit, ...(target && { target }) }));
}

/** The host's side alone: the order and the first page of each sort, and the longest time that the thread was not free. */
async function measureHost(folder) {
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  const store = await openStore({
    path: path.join(folder, '.llmops', 'llmops.db'),
    log: silent,
    now: Date.now,
    workerUrl: new URL('../../src/core/store/worker.ts', import.meta.url),
  });
  const session = new RunsSession({ store: async () => store, labelOf: (file) => file, send() {} });
  await session.openList({ filter: {}, sort: { by: 'started', descending: true }, shown: 0, places: PLACES });
  // what opening the store took of this thread is not the table's
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  for (const by of SORTS) {
    const times = [];
    for (let turn = 0; turn < REPEATS; turn++) {
      const start = performance.now();
      const { list } = await session.openList({ filter: {}, sort: { by, descending: true }, shown: 0, places: PLACES });
      await session.readRows({ list, from: 0, count: 100 });
      times.push(performance.now() - start);
    }
    report(
      `${RUNS} runs by ${by}: order and first page, p50`,
      median(times),
      'ms',
      by === 'started' ? '<= 300' : undefined,
    );
  }
  const all = { selection: [[0, RUNS - 1]], active: 99_000, first: 98_000 };
  await session.openList({
    filter: {},
    sort: { by: 'cost', descending: true },
    shown: SORTS.length * REPEATS + 1,
    places: all,
  });
  delay.disable();
  const pages = [];
  const { list } = await session.openList({
    filter: {},
    sort: { by: 'cost', descending: true },
    shown: 0,
    places: PLACES,
  });
  for (let turn = 0; turn < 50; turn++) {
    const start = performance.now();
    await session.readRows({ list, from: (turn * 1973) % RUNS, count: 100 });
    pages.push(performance.now() - start);
  }
  const start = performance.now();
  await session.readDays({});
  report('cost and latency by day', performance.now() - start, 'ms');
  report('a page anywhere, p95', percentile(pages, 0.95), 'ms');
  report('host blocked at most, selection of all kept', delay.max / 1e6, 'ms', '<= 50');
  session.dispose();
  await store.close();
}

async function measurePanel(folder) {
  await using bed = await openBed();
  const window = await bed.openWindow({ workspace: folder, copy: false, size: { width: 1440, height: 900 } });
  // the page of a panel is written into its frame, where scripts that run at the start of a document are lost
  window.page.on('framenavigated', (opened) => void opened.evaluate(watchFirstRow).catch(() => {}));
  await window.page.getByRole('tab', { name: 'LLMOps', exact: true }).click();
  // the actions of a view are shown while the mouse is over it; Prompts has rows of these names too
  const runs = window.page.locator('.pane').filter({ hasText: /^Runs/ });
  const open = runs.getByRole('button', { name: 'Open Runs as Table' });
  const shown = [];
  const own = [];
  let frame;
  for (let turn = 0; turn < REPEATS; turn++) {
    await runs
      .getByRole('treeitem', { name: /triage|summary|churn/ })
      .first()
      .hover();
    await open.hover();
    const start = Date.now();
    await open.click();
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
  report('from the page to its first rows, p50', median(own), 'ms', '<= 300');
  report('from the click to the first rows, with the window’s own webview, p50', median(shown), 'ms');
  await frame.evaluate(watchTasks);
  const { blank, longestBlank, frames } = await frame.evaluate(scrollThrough);
  report('blank frames at a stretch while scrolling', longestBlank, 'frames', '<= 2');
  report('blank frames of 400, with ten jumps', blank, 'frames');
  report('a frame while scrolling, p95', percentile(frames, 0.95), 'ms');
  report('longest task of the page', Math.max(0, ...(await frame.evaluate(() => globalThis.longTasks))), 'ms', '<= 50');
}

const folder = await mkdtemp(path.join(os.tmpdir(), 'table-bench-'));
try {
  await mkdir(path.join(folder, 'prompts'));
  await writeFile(path.join(folder, 'prompts/triage.prompt'), '---\nmodel: demo/swift\n---\nSort this.\n');
  await fillHistory(folder, RUNS);
  await measureHost(folder);
  await measurePanel(folder);
} finally {
  await rm(folder, { recursive: true, force: true });
}
