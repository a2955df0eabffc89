// A 20,000-token answer as Markdown: streamed into the panel at 4,000 tokens per second, then scrolled to the end. The
// tasks of the page's main thread, by CPU time (on a busy machine, wall-clock time includes other processes).
import type { Browser } from 'playwright-core';
import type { ShownRunEvent } from '../../src/protocol/compare.ts';
import { launchBrowser } from '../bed/vscode-host.mjs';
import { openPanel } from '../ui/webview-harness/open-panel.ts';
import { servePanel } from '../ui/webview-harness/panel-page.ts';
import { aColumn, aRun, aSnapshot } from '../ui/webview-harness/snapshots.ts';

/** Four characters per token. */
const LENGTH = 80_000;

function repeat(block: (index: number) => string): string {
  let text = '';
  for (let index = 0; text.length < LENGTH; index++) text += block(index);
  return text;
}

const ANSWERS = {
  'mixed answer': repeat(
    (i) =>
      `## Section ${i}\n\n${'Some *text* with **words** and `code` in [a link](https://example.com). '.repeat(6)}\n\n- first ${i}\n- second\n  - nested\n\n\`\`\`ts\nconst value = ${i};\n\`\`\`\n\n| a | b |\n|---|---|\n| ${i} | two |\n\n> quote\n\n`,
  ),
  'one list': repeat((i) => `- item ${i} with **bold** and \`code\` in its text\n`),
  'one table': `| a | b | c |\n|---|---|---|\n${repeat((i) => `| cell ${i} | **bold** | text that fills the cell |\n`)}`,
  'one code block': `\`\`\`ts\n${repeat((i) => `const value${i} = compute(${i}, 2, 3);\n`)}`,
};

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  ts: number;
  /** CPU time in microseconds. */
  tdur?: number;
}

/** Runs in the page. */
async function stream(text: string) {
  const usage = { outputTokens: 0 };
  const runEvent = (event: ShownRunEvent) => ({ type: 'run-event' as const, columnId: 'a', at: 0, event });
  const figures = { usage, usageEstimated: true, cost: { totalUsd: 0 }, ttftMs: 1, elapsedMs: 1, tokensPerSecond: 200 };
  for (let at = 0; at < text.length; at += 800) {
    fakeHost.send([
      runEvent({ type: 'text-delta', runId: 'r', text: text.slice(at, at + 800) }),
      runEvent({ type: 'run-figures', runId: 'r', figures: { ...figures, elapsedMs: at } }),
    ]);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  fakeHost.send([{ type: 'run-patch', runId: 'r', patch: { state: 'done', text } }]);
  await new Promise((resolve) => setTimeout(resolve, 500));
}

/** Runs in the page: down and up again in steps of almost a page. */
async function scroll() {
  const body = document.querySelector('.column-body');
  if (!body) return;
  const step = body.clientHeight * 0.8;
  for (let y = body.scrollHeight; y > 0; y -= step) {
    body.scrollTop = y;
    await new Promise(requestAnimationFrame);
  }
  for (let y = 0; y < body.scrollHeight; y += step) {
    body.scrollTop = y;
    await new Promise(requestAnimationFrame);
  }
}

function longestTaskMs(trace: Buffer): number {
  const events: TraceEvent[] = JSON.parse(trace.toString('utf8')).traceEvents;
  const frame = events.find((event) => event.name === 'FireAnimationFrame');
  const tasks = events.filter(
    (event) => event.pid === frame?.pid && event.tid === frame.tid && event.ph === 'X' && /RunTask$/.test(event.name),
  );
  return Math.max(0, ...tasks.map((task) => task.tdur ?? 0)) / 1_000;
}

async function measure(browser: Browser, url: string, [name, text]: [string, string]) {
  const columns = [
    aColumn('a', 'demo/swift', { runs: [aRun({ runId: 'r', state: 'streaming' })] }),
    aColumn('b', 'demo/steady'),
  ];
  const { page } = await openPanel(browser, url, aSnapshot(columns, { running: true }));
  await page.getByRole('tab', { name: 'Markdown' }).click();
  for (const [what, act] of [
    ['streamed', stream],
    ['scrolled', scroll],
  ] as const) {
    await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline'] });
    await page.evaluate(act, text);
    const value = longestTaskMs(await browser.stopTracing());
    console.log(
      JSON.stringify({
        name: `20,000 tokens as Markdown, ${name}, ${what}: longest task`,
        value,
        unit: 'ms CPU',
        target: '<= 50',
      }),
    );
  }
  await page.close();
}

const [browser, served] = await Promise.all([launchBrowser(), servePanel()]);
try {
  for (const answer of Object.entries(ANSWERS)) await measure(browser, served.url, answer);
} finally {
  await browser.close();
  served.close();
}
