import { beforeAll, describe, expect, it } from 'vitest';
import type { WorkbenchWindow } from '../bed/workbench.mjs';
import { useWorkbench } from './workbench.ts';

describe('writing a prompt', () => {
  const openWindow = useWorkbench();
  let window: WorkbenchWindow;

  beforeAll(async () => {
    window = await openWindow();
    await window.openFile('prompts/support-reply.prompt');
    // The hint behind the role shows that the language is there.
    await window.page.getByText('54 tokens').first().waitFor();
  });

  /** A word of the editor, as the mouse finds it. */
  const word = (text: string) => window.page.locator('.view-line span span').filter({ hasText: text }).first();
  const suggestions = () => window.page.locator('.suggest-widget.visible .monaco-list-row');

  it('explains a variable where the mouse rests', async () => {
    await word('urgent').hover();
    const hover = window.page.locator('.monaco-hover-content').filter({ hasText: 'urgent?: boolean' });
    await hover.waitFor();
    expect(await hover.textContent()).toContain('Used once, on line 31.');
  });

  it('renames a variable everywhere in the file', async () => {
    const { page } = window;
    await word('urgent').click();
    await page.keyboard.press('F2');
    const name = page.locator('.rename-box input');
    await name.fill('pressing');
    await name.press('Enter');
    await page.locator('.view-line').filter({ hasText: 'if pressing}}' }).waitFor();
    await page.locator('.view-line').filter({ hasText: 'pressing?: boolean' }).waitFor();
  });

  it('completes a variable between braces', async () => {
    const { page } = window;
    await page.keyboard.press('Escape');
    await page.keyboard.press('ControlOrMeta+End');
    await page.keyboard.press('Enter');
    await page.keyboard.type('{{', { delay: 50 });
    await suggestions().filter({ hasText: 'customer_name' }).waitFor();
    await page.keyboard.type('que', { delay: 50 });
    await suggestions().filter({ hasText: 'question' }).waitFor();
    await page.keyboard.press('Enter');
    expect(await page.locator('.view-line').last().textContent()).toContain('{{question}}');
  });
});
