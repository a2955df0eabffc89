import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import type { CompareSnapshot } from '../../../src/protocol/compare.ts';
import { compareChecks } from '../../../src/protocol/compare-checks.ts';
import { sharedBed } from '../shared-bed.ts';
import { closeAfterTest } from './close-after-test.ts';
import { openPanel, type Panel, type PanelOptions } from './open-panel.ts';
import { servePanel } from './panel-page.ts';

export interface Panels {
  readonly browser: Browser;
  /** Where the panel's page is served, without the theme. */
  readonly url: string;
  /** Opens a panel, which is closed when the test ends. */
  open(snapshot: CompareSnapshot, options?: PanelOptions): Promise<Panel>;
}

/** Call once at the top of a test file: one server for all of its panels, in the browser of this worker. */
export function usePanels(): Panels {
  let browser: Browser;
  let served: Awaited<ReturnType<typeof servePanel>>;
  beforeAll(async () => {
    [browser, served] = await Promise.all([chromium.connect(sharedBed().endpoint), servePanel()]);
  });
  afterAll(async () => {
    await browser?.close();
    served?.close();
  });
  return {
    get browser() {
      return browser;
    },
    get url() {
      return served.url;
    },
    async open(snapshot, options) {
      const panel = await openPanel(browser, served.url, snapshot, options);
      closeAfterTest(panel.page, compareChecks);
      return panel;
    },
  };
}
