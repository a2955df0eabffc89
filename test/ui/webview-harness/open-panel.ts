import type { Browser, Page } from 'playwright-core';
import type { CompareEvent, CompareSnapshot } from '../../../src/protocol/compare.ts';
import { hostScript, type Theme } from './panel-page.ts';
import { MODELS } from './snapshots.ts';

export interface PanelOptions {
  theme?: Theme;
  size?: { width: number; height: number };
  /** Replies by method, besides the snapshot and the models. */
  replies?: Record<string, unknown>;
}

interface HostCall {
  method: string;
  params: unknown;
}

interface FakeHost {
  calls: HostCall[];
  replies: Record<string, unknown>;
  errors: Record<string, unknown>;
  seq: number;
  send(events: CompareEvent[]): void;
}

declare global {
  var fakeHost: FakeHost;
}

export interface Panel {
  page: Page;
  /** Sends one batch, and waits until it was drawn. */
  send(...events: CompareEvent[]): Promise<void>;
  /** The parameters of all calls of one method so far. */
  calls(method: string): Promise<unknown[]>;
  /** Errors of the page: exceptions, blocked styles and scripts, anything it tried to load. */
  problems: string[];
}

export async function openPanel(
  browser: Browser,
  url: string,
  snapshot: CompareSnapshot,
  { theme = 'dark', size = { width: 1280, height: 760 }, replies = {} }: PanelOptions = {},
): Promise<Panel> {
  const page = await browser.newPage({ viewport: size });
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  page.on('request', (request) => !request.url().startsWith(url) && problems.push(`asked for ${request.url()}`));
  const answers = JSON.stringify({ 'models.list': MODELS, ...replies, snapshot });
  await page.addInitScript({ content: `${hostScript}\nfakeHost.replies = ${answers};` });
  await page.goto(`${url}/${theme}`);
  await page.locator('.compare').waitFor();
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  return {
    page,
    problems,
    async send(...events) {
      await page.evaluate(async (batch) => {
        fakeHost.send(batch);
        for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
      }, events);
    },
    calls: (method) =>
      page.evaluate((name) => fakeHost.calls.filter((call) => call.method === name).map((call) => call.params), method),
  };
}
