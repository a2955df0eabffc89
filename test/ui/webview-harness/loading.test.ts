import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../../bed/vscode-host.mjs';
import { axeViolations } from '../accessibility/axe.ts';
import { hostScript, servePanel, type Theme } from './panel-page.ts';

let browser: Browser;
let served: Awaited<ReturnType<typeof servePanel>>;

beforeAll(async () => {
  [browser, served] = await Promise.all([launchBrowser(), servePanel()]);
});
afterAll(async () => {
  await browser?.close();
  served?.close();
});

const REFUSED = { code: 'internal', message: 'The history could not be read.', hint: 'Look into the log.' };

test.each<Theme>(['dark', 'light', 'high-contrast'])(
  'axe-core finds nothing in a panel that loads, or could not be loaded: %s',
  async (theme) => {
    const page = await browser.newPage({ viewport: { width: 340, height: 420 } });
    await page.addInitScript({ content: `${hostScript}\nwindow.fakeHost.silent = !location.search;` });
    await page.addInitScript(`window.fakeHost.errors = { snapshot: ${JSON.stringify(REFUSED)} }`);
    await page.goto(`${served.url}/${theme}`);
    await page.getByRole('status').getByText('Loading the comparison…').waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await page.goto(`${served.url}/${theme}?answer`);
    await page.getByRole('alert').getByText(REFUSED.message).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await page.close();
  },
);
