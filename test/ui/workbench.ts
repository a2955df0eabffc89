import path from 'node:path';
import { chromium } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { root } from '../bed/vscode-host.mjs';
import { type Bed, connectBed, type WindowOptions, type WorkbenchWindow } from '../bed/workbench.mjs';
import { sharedBed } from './shared-bed.ts';

export const screenshots = path.join(root, 'test-results');

/**
 * Call once in a test file. Returns a function that opens the sample workspace (or another) in a new window. One that a
 * test opens is closed with the test, the others with the file: an open window takes part of the processor. A screenshot
 * of every window is kept in test-results/ when a test fails, and the failure says what was on the screen.
 */
export function useWorkbench(): (options?: WindowOptions) => Promise<WorkbenchWindow> {
  let bed: Bed | undefined;
  const windows: WorkbenchWindow[] = [];
  /** How many of them stay open after the test. */
  let kept = 0;
  const closeAfter = (count: number) => Promise.all(windows.splice(count).map((window) => window.close()));

  beforeAll(async () => {
    const { dir, port, endpoint } = sharedBed();
    bed = connectBed({ dir, port, browser: await chromium.connect(endpoint) });
  });
  beforeEach(() => {
    kept = windows.length;
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') {
      await takeScreenshots(task.name, windows);
      const screens = await Promise.all(windows.map(describeScreen));
      for (const error of task.result.errors ?? []) error.stack = [...screens, error.stack].join('\n');
    }
    await closeAfter(kept);
  });
  afterAll(async () => {
    await closeAfter(0);
    await bed?.browser.close();
  });

  return async (options = {}) => {
    if (!bed) throw new Error('Open a window inside a test or a beforeAll, not while the file is collected.');
    const window = await bed.openWindow({ workspace: path.join(root, 'media/sample-workspace'), ...options });
    windows.push(window);
    await window.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    return window;
  };
}

async function takeScreenshots(test: string, windows: readonly WorkbenchWindow[]): Promise<void> {
  const name = test.replace(/[^\w]+/g, '-').slice(0, 80);
  for (const [index, { page }] of windows.entries()) {
    if (!page.isClosed()) await page.screenshot({ path: path.join(screenshots, `${name}-${index}.png`) });
  }
}

/** What a screenshot would show, for a log: the tabs of each group, dialogs, messages, the quick pick and the focus. */
async function describeScreen({ page }: WorkbenchWindow): Promise<string> {
  if (page.isClosed()) return 'On the screen: nothing, the page is closed.';
  const what = await page.evaluate(() => {
    const texts = (selector: string) =>
      [...document.querySelectorAll<HTMLElement>(selector)]
        .filter((element) => element.checkVisibility())
        .map((element) => (element.textContent || element.ariaLabel || '').replaceAll(/\s+/g, ' ').trim().slice(0, 80));
    const focus = document.activeElement;
    return {
      tabs: texts('.editor-group-container .tab'),
      active: texts('.editor-group-container.active .tab.active'),
      panels: document.querySelectorAll('iframe.webview.ready').length,
      dialogs: texts('.monaco-dialog-box'),
      messages: texts('.notification-toast'),
      picker: texts('.quick-input-widget'),
      focus: focus ? `${focus.tagName} ${focus.ariaLabel ?? focus.className}`.slice(0, 80) : '',
    };
  });
  return `On the screen: ${JSON.stringify(what)}`;
}
