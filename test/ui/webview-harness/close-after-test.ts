import type { Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import './open-panel.ts';

/**
 * Closes a page when the test ends. All that it asked the host for until then must be what the host accepts: a button
 * whose request is refused looks as if it worked here.
 */
export function closeAfterTest(page: Page, checks: object): void {
  onTestFinished(async () => {
    const calls = page.isClosed() ? [] : await page.evaluate(() => fakeHost.calls);
    await page.close();
    const known = new Map<string, (params: unknown) => boolean>(Object.entries(checks));
    // messages that are no requests have no method
    const asked = calls.filter(({ method }) => method !== undefined);
    const refused = asked.filter(({ method, params }) => known.get(method)?.(params) !== true);
    expect(refused, 'requests that the host refuses').toEqual([]);
  });
}
