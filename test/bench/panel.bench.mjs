// Eight columns at 200 tokens a second each, for 30 seconds, in the browser workbench: how far the panel lags behind the
// host, its longest frame, what is left to draw at the end, and what the extension host takes.
import fs from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { openWorkbench } from '../bed/workbench.mjs';
import { openCompare } from '../ui/compare-page.ts';
import { percentile } from './figures.mjs';

const COLUMNS = 8;
const TOKENS_PER_SECOND = 200;
const SECONDS = 30;

const PROMPT = `---
model: demo/swift
config:
  demo: { tokensPerSecond: ${TOKENS_PER_SECOND}, ttftMs: 100, outputTokens: ${TOKENS_PER_SECOND * SECONDS} }
  maxOutputTokens: 100000
llmops.models: [demo/swift]
---
Write.
`;

/** Runs in the panel's own frame: notes each batch's way from the host to the screen, and each frame's length. */
function watchPanel() {
  const seen = { arrivals: [], lags: [], frames: [], ended: 0, lastPaint: 0 };
  globalThis.panelWatch = seen;
  addEventListener('message', ({ data }) => {
    if (data?.kind !== 'events') return;
    const { sentAt } = data;
    seen.arrivals.push(performance.timeOrigin + performance.now() - sentAt);
    const done = data.events.filter(({ type, event }) => type === 'run-event' && event.type === 'run-end').length;
    seen.ended += done;
    // The panel draws in the next animation frame; the one after it begins when that has been painted.
    requestAnimationFrame(() =>
      setTimeout(() => {
        const painted = performance.timeOrigin + performance.now();
        seen.lags.push(painted - sentAt);
        seen.lastPaint = painted;
        if (done) seen.lastEndLag = painted - sentAt;
      }),
    );
  });
  let last = performance.now();
  const onFrame = (now) => {
    seen.frames.push(now - last);
    last = now;
    requestAnimationFrame(onFrame);
  };
  requestAnimationFrame(onFrame);
}

/** Runs in the panel's own frame: from a moment like any other to the end of the next frame, in which nothing is drawn. */
async function timeEmptyFrames() {
  const times = [];
  for (let count = 0; count < 200; count++) {
    await new Promise((resolve) => setTimeout(resolve, 10 + Math.random() * 30));
    const began = performance.now();
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    times.push(performance.now() - began);
  }
  return times;
}

/** The fields of a process after its name, as proc(5) numbers them from the state on; undefined where it is gone. */
function processFields(pid) {
  try {
    return fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ');
  } catch {
    return undefined;
  }
}

function isBelow(pid, ancestor) {
  for (let at = pid; at > 1; at = Number(processFields(at)?.[1] ?? 0)) if (at === ancestor) return true;
  return false;
}

/** Seconds of processor time of the extension host below the server's process. Linux only. */
function hostCpuSeconds(serverPid) {
  const pids = fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  const isHost = (pid) => {
    try {
      return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--type=extensionHost');
    } catch {
      return false;
    }
  };
  const hosts = pids.filter((pid) => isHost(pid) && isBelow(pid, serverPid));
  const ticks = hosts.map((pid) => Number(processFields(pid)?.[11] ?? 0) + Number(processFields(pid)?.[12] ?? 0));
  return ticks.reduce((sum, value) => sum + value, 0) / 100;
}

const folder = await mkdtemp(path.join(os.tmpdir(), 'panel-bench-'));
await mkdir(path.join(folder, 'prompts'));
await writeFile(path.join(folder, 'prompts/load.prompt'), PROMPT);
try {
  await using window = await openWorkbench({ workspace: folder, size: { width: 1920, height: 1000 } });
  const compare = await openCompare(window, 'prompts/load.prompt');
  const panel = compare.view;
  const frame = await panel
    .locator('body')
    .elementHandle()
    .then((body) => body.ownerFrame());
  const columns = panel.locator('section.column');
  await columns.first().waitFor();
  for (let count = 1; count < COLUMNS; count++) {
    await compare.pick(columns.first(), 'More Actions', /^Duplicate/);
    await columns.nth(count).waitFor();
  }
  const emptyFrames = await frame.evaluate(timeEmptyFrames);
  await frame.evaluate(watchPanel);
  const cpuBefore = hostCpuSeconds(window.bed.server.pid);
  const started = Date.now();
  await panel.locator('body').press('Control+Enter');
  while ((await frame.evaluate(() => globalThis.panelWatch.ended)) < COLUMNS) {
    if (Date.now() - started > (SECONDS + 300) * 1000) throw new Error('The runs did not end.');
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  const seconds = (Date.now() - started) / 1000;
  const cpu = hostCpuSeconds(window.bed.server.pid) - cpuBefore;
  const { arrivals, lags, frames, lastEndLag } = await frame.evaluate(() => globalThis.panelWatch);
  const rows = [
    ['panel behind the host, p95', percentile(lags, 0.95), 'ms', '<= 30'],
    ['panel behind the host, median', percentile(lags, 0.5), 'ms'],
    // What the machine takes with nothing to draw: no panel can be faster than both together.
    ['of that on the way to the page, p95', percentile(arrivals, 0.95), 'ms'],
    ['an empty frame, p95', percentile(emptyFrames, 0.95), 'ms'],
    ['batches a second', lags.length / SECONDS, ''],
    ['longest frame', Math.max(...frames.slice(2)), 'ms', '<= 100'],
    ['left to draw after the last event', lastEndLag, 'ms', '<= 100'],
    ['extension host', (cpu / seconds) * 100, '% of a core', '<= 25'],
    ['length of the run', seconds, 's'],
  ];
  for (const [name, value, unit, target] of rows) {
    console.log(
      JSON.stringify({
        name: `${COLUMNS} columns: ${name}`,
        value: Number(value.toFixed(1)),
        unit,
        ...(target && { target }),
      }),
    );
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
