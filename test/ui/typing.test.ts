import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { WorkbenchWindow } from '../bed/workbench.mjs';
import { applyCodeAction, waitForNoSquiggles } from './quick-input.ts';
import { useWorkbench } from './workbench.ts';

const FILE = 'typed.prompt';

const INPUTS = [
  '{{x}}',
  '{{ x }}',
  '{{{x}}}',
  '{{~x~}}',
  '{{#if a}}b{{else}}c{{/if}}',
  '{{>p}}',
  '{{role "user"}}',
  '{{!-- c --}}',
  '<<<x>>>',
  '{"a":{"b":1}}',
  '```',
];

/** Where something is typed: the text before it, and how the cursor gets there. */
interface Place {
  before: string;
  keys: readonly string[];
  /** The file after typing. */
  file(input: string): string;
}

const PLACES: Record<string, Place> = {
  'an empty file': { before: '', keys: [], file: (input) => input },
  'right after Enter': { before: 'a', keys: ['Enter'], file: (input) => `a\n${input}` },
  'before text': { before: 'text', keys: ['Home'], file: (input) => `${input}text` },
  'above a stray brace': { before: '\n}\n', keys: ['ControlOrMeta+Home'], file: (input) => `${input}\n}\n` },
};

interface TypingCase {
  place: string;
  input: string;
  delay: number;
}

const every = (places: readonly string[], delay: number): TypingCase[] =>
  places.flatMap((place) => INPUTS.map((input) => ({ place, input, delay })));

/** Complete prompts and prose: Enter must not accept a visible suggestion. */
const TEXTS = [
  'I wonder if\nyou can, with\nthe output\nor each\ninput\n',
  '{{#if a}}\nb\n{{else}}\n{{#each list}}\n- {{this}}\n- c\n{{/each}}\n{{/if}}\n',
  '---\nmodel: demo/swift\nconfig: {temperature: 0.2}\n---\n{{role "system"}}\nBe brief.\n{{> p team="x"}}\n',
];

describe('typing', () => {
  const openWindow = useWorkbench();
  let windows: WorkbenchWindow[];
  let window: WorkbenchWindow;

  beforeAll(async () => {
    const open = async () => {
      const opened = await openWindow({
        files: { [FILE]: 'Hello', '_p.prompt': 'Sign as {{team}}.' },
        settings: { 'files.autoSave': 'off' },
      });
      await opened.openFile(FILE);
      // the lenses above the text show that language features are ready
      await opened.page.locator('.codelens-decoration').first().waitFor();
      return opened;
    };
    windows = [await open(), await open(), await open()];
    window = windows[0] as WorkbenchWindow;
  });

  const suggestions = ({ page }: WorkbenchWindow) => page.locator('.suggest-widget.visible .monaco-list-row');

  async function startWith({ page }: WorkbenchWindow, text: string): Promise<void> {
    await page.keyboard.press('Escape');
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.press('Delete');
    if (text !== '') await page.keyboard.type(text);
    await page.keyboard.press('Escape');
  }

  /** The file's text after saving. */
  async function saved({ page, workspace = '' }: WorkbenchWindow): Promise<string> {
    const changed = page.locator('.tab.active.dirty');
    await changed.waitFor();
    await page.keyboard.press('ControlOrMeta+S');
    await changed.waitFor({ state: 'detached' });
    return fs.readFileSync(path.join(workspace, FILE), 'utf8');
  }

  /** Processes cases until none is left, and returns those that did not end with the typed text. */
  async function wrongOnes(inWindow: WorkbenchWindow, queue: TypingCase[]): Promise<string[]> {
    const wrong: string[] = [];
    for (let next = queue.shift(); next; next = queue.shift()) {
      const { place, input, delay } = next;
      const { before, keys, file } = PLACES[place] as Place;
      await startWith(inWindow, before);
      for (const key of keys) await inWindow.page.keyboard.press(key);
      await inWindow.page.keyboard.type(input, { delay });
      const text = await saved(inWindow);
      if (text !== file(input)) wrong.push(`${input} in ${place} at ${delay} ms became ${JSON.stringify(text)}`);
    }
    return wrong;
  }

  it('ends with the typed text, at 20, 90 and 250 ms per key, wherever it starts', async () => {
    const places = Object.keys(PLACES);
    const slow = places.map((place) => ({ place, input: '{{x}}', delay: 250 }));
    const queue = [...slow, ...every(places, 90), ...every(places, 20)];
    const wrong = await Promise.all(windows.map((one) => wrongOnes(one, queue)));
    expect(wrong.flat()).toEqual([]);
  }, 240_000);

  it('accepts no suggestion with Enter while text, front matter or a tag is typed', async () => {
    const wrong = await Promise.all(
      TEXTS.map(async (text, index) => {
        const one = windows[index] as WorkbenchWindow;
        await startWith(one, '');
        await one.page.keyboard.type(text, { delay: 40 });
        return (await saved(one)) === text ? [] : [fs.readFileSync(path.join(one.workspace ?? '', FILE), 'utf8')];
      }),
    );
    expect(wrong.flat()).toEqual([]);
  }, 60_000);

  it('ends with the typed text at three cursors', async () => {
    const { page } = window;
    await startWith(window, '\n\n');
    await page.keyboard.press('ControlOrMeta+Home');
    await window.command('Add Cursor Below');
    await window.command('Add Cursor Below');
    await page.keyboard.type('{{x}}{{{y}}}{{role "user"}}{{!-- c --}}', { delay: 20 });
    const line = '{{x}}{{{y}}}{{role "user"}}{{!-- c --}}';
    expect(await saved(window)).toBe([line, line, line].join('\n'));
    await page.keyboard.press('Escape');
  });

  it('ends with the typed text when Escape closes the list, and undo restores the empty file', async () => {
    const { page } = window;
    await startWith(window, '');
    await page.keyboard.type('{{');
    await suggestions(window).first().waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.type('x}}', { delay: 20 });
    expect(await saved(window)).toBe('{{x}}');
    const text = async () => (await page.locator('.view-lines').first().textContent())?.trim();
    for (let step = 0; step < 15 && (await text()) !== ''; step += 1) {
      const before = await text();
      await page.keyboard.press('ControlOrMeta+Z');
      // the next key too early would undo what the test before has typed
      await expect.poll(text).not.toBe(before);
    }
    expect(await text()).toBe('');
    await page.keyboard.type('{{x}}', { delay: 20 });
    await page.keyboard.type('!');
    expect(await saved(window)).toBe('{{x}}!');
  });

  it('surrounds a selected word with each typed brace', async () => {
    const { page } = window;
    await startWith(window, 'word');
    await page.keyboard.press('Shift+Home');
    await page.keyboard.type('{{', { delay: 20 });
    expect(await saved(window)).toBe('{{word}}');
  });

  it('types over the auto-closed braces of an accepted suggestion', async () => {
    const { page } = window;
    await startWith(window, '{{name}} ');
    await page.keyboard.type('{{na', { delay: 20 });
    await suggestions(window).filter({ hasText: 'name' }).first().waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.type('}} {{#i', { delay: 20 });
    await suggestions(window).filter({ hasText: 'if' }).first().waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.type('name}}yes', { delay: 20 });
    expect(await saved(window)).toBe('{{name}} {{name}} {{#if name}}yes{{/if}}');
    await page.keyboard.press('Control+End');
    await page.keyboard.type(' {{#ea', { delay: 20 });
    await suggestions(window).filter({ hasText: 'each' }).first().waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.type('items}}- {{this}}', { delay: 20 });
    expect(await saved(window)).toBe('{{name}} {{name}} {{#if name}}yes{{/if}} {{#each items}}- {{this}}{{/each}}');
  });

  it('completes the innermost open block after {{/, and nothing before', async () => {
    const { page } = window;
    await startWith(window, '{{#if a}}{{#each b}}c');
    await page.keyboard.type('{{/', { delay: 20 });
    await suggestions(window).first().waitFor();
    await expect.poll(() => suggestions(window).allTextContents()).toEqual(['each', 'if']);
    await page.keyboard.press('Enter');
    expect(await saved(window)).toBe('{{#if a}}{{#each b}}c{{/each}}');
  });

  it('adds the braces that VS Code has not closed, and removes extra ones with a fix', async () => {
    const { page } = window;
    await startWith(window, '{{name}} text');
    await page.keyboard.press('ControlOrMeta+ArrowLeft');
    await page.keyboard.type('{{na', { delay: 20 });
    await suggestions(window).filter({ hasText: 'name' }).first().waitFor();
    await page.keyboard.press('Tab');
    expect(await saved(window)).toBe('{{name}} {{name}}text');
    // the one case in which typing leaves two pairs
    await page.keyboard.type('}}', { delay: 20 });
    expect(await saved(window)).toBe('{{name}} {{name}}}}text');
    await page.locator('.squiggly-error').first().waitFor();
    await applyCodeAction(window, 'Remove the extra }}');
    expect(await saved(window)).toBe('{{name}} {{name}}text');
  });

  it('warns about stray braces, and removes them with a fix', async () => {
    const { page } = window;
    await startWith(window, '{"a":{"b":1}} Hello }}');
    await page.locator('.squiggly-warning').first().waitFor();
    expect(await page.locator('.squiggly-warning').count()).toBe(1);
    await applyCodeAction(window, 'Remove the stray }}');
    expect(await saved(window)).toBe('{"a":{"b":1}} Hello ');
    await waitForNoSquiggles(window, 'warning');
  });

  it('accepts the first suggestion with Tab if the list opened automatically', async () => {
    const { page } = window;
    await startWith(window, '---\n\n---\n');
    await page.keyboard.press('ControlOrMeta+Home');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.type('descr', { delay: 20 });
    await suggestions(window).filter({ hasText: 'description' }).first().waitFor();
    await page.keyboard.press('Tab');
    expect(await saved(window)).toBe('---\ndescription: \n---\n');
  });
});
