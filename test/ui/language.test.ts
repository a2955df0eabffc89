import { beforeAll, describe, expect, it } from 'vitest';
import type { WorkbenchWindow } from '../bed/workbench.mjs';
import { applyCodeAction, goTo, waitForNoSquiggles } from './quick-input.ts';
import { useWorkbench } from './workbench.ts';

describe('writing a prompt', () => {
  const openWindow = useWorkbench();
  let window: WorkbenchWindow;

  beforeAll(async () => {
    window = await openWindow();
    await window.openFile('prompts/support-reply.prompt');
    // The hint after the role shows that the language features are ready.
    await window.page.getByText('60 tokens').first().waitFor();
  });

  /** A word in the editor, for the mouse. */
  const word = (text: string) => window.page.locator('.view-line span span').filter({ hasText: text }).first();
  const suggestions = () => window.page.locator('.suggest-widget.visible .monaco-list-row');
  /** The hover of the word under the mouse, once it starts with this text. */
  const explained = async (text: string, beginning: string | RegExp) => {
    await window.page.mouse.move(5, 5); // no earlier hover remains
    await window.page.locator('.monaco-editor .monaco-hover:visible').first().waitFor({ state: 'detached' });
    await word(text).hover();
    const hover = window.page.locator('.monaco-hover-content').filter({ hasText: beginning });
    await hover.waitFor();
    return hover.textContent();
  };

  it('describes a variable in a hover', async () => {
    const text = await explained('urgent', 'urgent?: boolean');
    expect(text).toContain('the customer cannot work until this is solved');
    expect(text).toContain('Used once, on line 31.');
  });

  it('describes a model with its context window and prices', async () => {
    const text = await explained('demo/swift', 'Demo Swift');
    expect(text).toMatch(/Context window: 32k tokens.*Prices: \$0\.10 in, \$0\.40 out per million/s);
  });

  it('describes a role with its tokens and the cost of a thousand runs', async () => {
    const text = await explained('role', 'system message');
    expect(text).toMatch(/≈60 tokens.*≈\$[\d.]+ for 1,000 runs on demo\/swift/s);
  });

  it('completes a model, with context window and price for each', async () => {
    const { page } = window;
    await goTo(window, '3:1');
    await page.keyboard.press('End');
    for (const _ of 'swift') await page.keyboard.press('Backspace');
    await page.keyboard.press('Control+Space');
    const thorough = suggestions().filter({ hasText: 'demo/thorough' });
    await thorough.waitFor();
    expect(await suggestions().filter({ hasText: 'demo/swift' }).textContent()).toContain('32k · $0.10 / $0.40 sim.');
    await thorough.click();
    await page
      .locator('.view-line')
      .filter({ hasText: /^model:\sdemo\/thorough/ })
      .waitFor();
  });

  it('marks a model that the connection does not have, and fixes it with the nearest name', async () => {
    const { page } = window;
    for (let key = 0; key < 2; key++) await page.keyboard.press('Backspace');
    await page.keyboard.press('Escape');
    await page.locator('.squiggly-error, .squiggly-warning').first().waitFor();
    await applyCodeAction(window, 'Change to demo/thorough');
    await page
      .locator('.view-line')
      .filter({ hasText: /^model:\sdemo\/thorough/ })
      .waitFor();
    await waitForNoSquiggles(window, 'error');
    await waitForNoSquiggles(window, 'warning');
  });

  it('completes a variable between braces', async () => {
    const { page } = window;
    await page.keyboard.press('ControlOrMeta+End');
    await page.keyboard.press('Enter');
    await page.keyboard.type('{{', { delay: 50 });
    const row = suggestions().filter({ hasText: 'customer_name' });
    await row.waitFor();
    expect(await row.textContent()).toContain('string');
    await page.keyboard.type('que', { delay: 50 });
    await suggestions().filter({ hasText: 'question' }).waitFor();
    await page.keyboard.press('Enter');
    await page
      .locator('.view-line')
      .filter({ hasText: /^{{question}}$/ })
      .waitFor();
  });
});
