import { beforeAll, describe, expect, it } from 'vitest';
import type { WorkbenchWindow } from '../bed/workbench.mjs';
import { waitForNoSquiggles } from './quick-input.ts';
import { useWorkbench } from './workbench.ts';

describe('a prompt from an empty file', () => {
  const openWindow = useWorkbench();
  let window: WorkbenchWindow;

  beforeAll(async () => {
    window = await openWindow({ files: { 'prompts/new.prompt': '', 'prompts/_sign.prompt': '' } });
    await window.openFile('prompts/new.prompt');
    await window.page.locator('.codelens-decoration a').first().waitFor();
  });

  const suggestions = () => window.page.locator('.suggest-widget.visible .monaco-list-row');
  const type = (text: string, delay = 90) => window.page.keyboard.type(text, { delay });
  /** The visible text, including hints, from top to bottom. */
  const lines = () =>
    window.page.locator('.editor-group-container.active .view-line').evaluateAll((all) =>
      all
        .map((one) => ({ top: one.getBoundingClientRect().top, text: one.textContent ?? '' }))
        .sort((a, b) => a.top - b.top)
        .map(({ text }) => text.replaceAll('\u00a0', ' ')),
    );
  const squiggles = () => window.page.locator('.squiggly-error, .squiggly-warning').count();
  const clear = async () => {
    await window.page.keyboard.press('Escape');
    await window.page.keyboard.press('ControlOrMeta+A');
    await window.page.keyboard.press('Delete');
    await expect.poll(hint).toMatch(/^"Type --- /);
  };
  /** The text of a decoration after line 1. */
  const hint = () =>
    window.page
      .locator('.editor-group-container.active .view-line span')
      .evaluateAll((all) => all.map((one) => getComputedStyle(one, '::after').content).find((text) => text !== 'none'));

  it('shows what can be typed, as a hint that is not part of the file', async () => {
    await expect.poll(hint).toBe('"Type --- for front matter (model, inputs), or start with the text of the prompt."');
    expect((await lines()).join('')).toBe('');
    await type('H');
    await expect.poll(hint).toBeUndefined();
    await clear();
    await window.openFile('prompts/_sign.prompt');
    await expect.poll(hint).toBe('"Type the text that prompts insert with {{> sign}}."');
    await window.openFile('prompts/new.prompt');
    await window.page.locator('.editor-group-container.active .view-lines').click();
  });

  it('keeps three quotes that fence a text', async () => {
    await type('"""\ntext\n"""\nmore');
    await expect.poll(lines).toEqual(['"""', 'text', '"""', 'more']);
    await clear();
  });

  it('offers front matter for --- and inserts none by itself, at any typing speed', async () => {
    for (const delay of [20, 90, 250]) {
      await type('---\nmodel: demo/swift\nname: x\n', delay);
      await expect
        .poll(async () => (await lines()).map((line) => line.replace(/\(≈.*/, '')))
        .toEqual(['---', 'model: demo/swift', 'name: x', '']);
      await clear();
    }
    await type('---');
    await suggestions().filter({ hasText: 'Front matter' }).waitFor();
    expect(await squiggles()).toBe(0);
    await window.page.keyboard.press('Enter');
    await suggestions().filter({ hasText: 'demo/swift' }).waitFor();
    await expect.poll(lines).toEqual(['---', 'model: ', '---', '']);
  });

  it('lists models that need a key first, and marks them', async () => {
    await type('openai/');
    const model = suggestions().filter({ hasText: 'openai/gpt-' }).first();
    await model.waitFor();
    expect(await model.textContent()).toMatch(/no key · [\d.]+[kM] · \$/);
    for (const _ of 'openai/') await window.page.keyboard.press('Backspace');
    await type('demo/swift');
  });

  it('shows no errors while front matter is typed, and problems after a pause', async () => {
    await window.page.keyboard.press('Enter');
    for (const key of 'config:\ntemperature: "lo') {
      await type(key, 60);
      expect(await squiggles(), key).toBe(0);
    }
    await window.page.locator('.squiggly-error').first().waitFor();
    for (const _ of ' "lo"') await window.page.keyboard.press('Backspace');
    await type(' 0.2');
    await waitForNoSquiggles(window, 'error');
  });

  it('offers no template snippets in front matter, and those of front matter nowhere else', async () => {
    await window.page.keyboard.press('Enter');
    await type('h');
    await window.page.keyboard.press('ControlOrMeta+Space');
    await expect.poll(() => window.page.locator('.suggest-widget.visible').textContent()).toMatch(/No suggestions|max/);
    expect(
      await suggestions()
        .filter({ hasText: /^(?:history|each)/ })
        .count(),
    ).toBe(0);
    await window.page.keyboard.press('Escape');
    await window.page.keyboard.press('ControlOrMeta+End');
    await window.page.keyboard.press('ControlOrMeta+Space');
    await suggestions().filter({ hasText: 'history' }).waitFor();
    expect(await suggestions().filter({ hasText: 'Typed input' }).count()).toBe(0);
    await window.page.keyboard.press('Escape');
  });
});

describe('hints in a narrow editor', () => {
  const openWindow = useWorkbench();

  it('do not wrap numbers', async () => {
    const window = await openWindow({ size: { width: 700, height: 600 } });
    await window.openFile('prompts/churn-analysis.prompt');
    const hint = window.page.locator('.view-line').filter({ hasText: /1\u201a000/ });
    await hint.waitFor();
    await window.page.keyboard.press('ControlOrMeta+B');
    const seen = new Set<string>();
    for (let width = 700; width >= 380; width -= 32) {
      await window.page.setViewportSize({ width, height: 600 });
      const lines = await window.page.locator('.view-line').allTextContents();
      const cut = lines.filter((line) => line.includes('≈') || /\u201a|runs/.test(line));
      for (const line of cut) seen.add(line.replaceAll('\u00a0', ' '));
    }
    expect([...seen].some((line) => line.includes('(≈$0\u202434 input'))).toBe(true);
    expect(
      [...seen].filter((line) =>
        /[\d\u2024\u201a]$|^[\u2024\u201a\d]/.test(line.trim().replace(/^1\u201a000 runs[,)]/, '')),
      ),
    ).toEqual([]);
    expect(seen.size).toBeGreaterThan(1);
  });
});

describe('lenses after a reload', () => {
  const openWindow = useWorkbench();

  it('work as soon as they are shown', async () => {
    const folded = '---\nmodel: >\n  demo/thorough\n---\nHi';
    const window = await openWindow({ files: { 'prompts/folded.prompt': folded } });
    const { page } = window;
    const lens = (text: string) => page.locator('.codelens-decoration a').filter({ hasText: text });
    await window.openFile('prompts/folded.prompt');
    await lens('demo/thorough').waitFor();
    await window.openFile('prompts/support-reply.prompt');
    await lens('demo/swift').waitFor();
    const loaded = page.waitForEvent('load');
    await window.command('Developer: Reload Window');
    await loaded;
    await lens('Compare').click();
    await page.locator('.tab').filter({ hasText: 'Compare: support-reply' }).waitFor();
  });
});
