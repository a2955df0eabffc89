import { afterAll, beforeAll, expect, test } from 'vitest';
import type { WorkbenchWindow } from '../../bed/workbench.mjs';
import { type ChatServer, startChatServer } from '../chat-server.ts';
import { type ComparePage, openCompare } from '../compare-page.ts';
import { useWorkbench } from '../workbench.ts';
import { focusedStop, ringSize, type Stop } from './focus-stops.ts';
import { recordThemes, replayTheme, type ThemeFacts } from './theme-replay.ts';

const openWindow = useWorkbench();
const ONE = 'local/echo-1';
const TWO = 'local/echo-2';
const PROMPT = `---
model: ${ONE}
llmops.models: [${ONE}, ${TWO}]
input:
  schema:
    topic: string, what it is about
    plan?(enum): [Gold, Basic]
  default:
    topic: tides
---
Write about {{topic}}.
`;

let server: ChatServer;
let window: WorkbenchWindow;
let compare: ComparePage;

beforeAll(async () => {
  server = await startChatServer();
  window = await openWindow({
    size: { width: 1440, height: 900 },
    settings: { 'workbench.reduceMotion': 'on' },
    files: {
      'llmops/connections.yaml': `local:\n  type: openai-compatible\n  baseUrl: ${server.url}\n`,
      'prompts/ask.prompt': PROMPT,
    },
  });
  compare = await openCompare(window, 'prompts/ask.prompt');
}, 60_000);
afterAll(() => server?.stop());

const press = (key: string) => window.page.keyboard.press(key);
/** Like a user's key press, by which VS Code learns that a panel got or lost the focus. */
const pause = () => window.page.waitForTimeout(500);
const stopNow = () => focusedStop(compare.view);
/** The name of the focused element, once it is the expected one. */
const focusIs = (name: RegExp) => expect.poll(async () => (await stopNow())?.name).toMatch(name);
const announced = (text: RegExp) => compare.view.locator('[aria-live]').getByText(text).waitFor();
const reply = (model: string) =>
  compare.column(model).getByRole('textbox', { name: `Continue the conversation with ${model}` });

test('a panel starts with the focus on its first control, and restores it after a quick pick', async () => {
  await focusIs(/ Run$/);
  await compare.button('From Dataset…').focus();
  await press('Enter');
  await window.page.locator('.quick-input-widget:visible').waitFor();
  await press('Escape');
  await focusIs(/From Dataset/);
  await press('Control+1');
  await window.page.locator('.monaco-editor.focused').waitFor();
  await press('Control+2');
  await focusIs(/From Dataset/);
});

test('Ctrl+Enter runs from the tab of the panel', async () => {
  const asked = () => server.seen.filter(({ path }) => path.endsWith('/completions')).length;
  const before = asked();
  await window.page.getByRole('tab', { name: /^Compare: ask/ }).focus();
  await pause();
  await press('Control+Enter');
  for (const model of [ONE, TWO]) await compare.column(model, 'done').waitFor();
  expect(asked() - before).toBe(2);
});

test('Run and Stop keep the focus, and a screen reader announces the run', async () => {
  const slow = { pieces: Array.from({ length: 200 }, (_, index) => `word ${index} `), delayMs: 50 };
  server.script(slow, slow);
  await compare.button(/^Run$/).focus();
  await press('Enter');
  // as "2 columns" if both started within one update of the page
  await announced(/ started/);
  await focusIs(/ Run$/);

  await compare.column(ONE, 'streaming').waitFor();
  const spinner = compare.view.locator('.codicon-modifier-spin').first();
  expect(await spinner.evaluate((icon) => getComputedStyle(icon).animationName)).toBe('none');

  await compare.button(/^Stop$/).focus();
  await press('Enter');
  await compare.column(ONE, 'stopped').waitFor();
  await announced(/stopped/);
  await focusIs(/ Stop$/);
});

test('a second reply can be typed while the first one is answered', async () => {
  await compare.runAll([ONE, TWO]);
  server.script({ pieces: ['Slow ', 'answer'], delayMs: 300 });
  await reply(ONE).focus();
  await window.page.keyboard.type('And then?');
  await press('Enter');
  await window.page.keyboard.type('Thanks.');
  await compare.column(ONE).getByText('Slow answer').waitFor();
  await compare.column(ONE, 'done').waitFor();
  expect(await reply(ONE).inputValue()).toBe('Thanks.');
  await press('Enter');
  await expect.poll(() => reply(ONE).inputValue()).toBe('');
  await compare.column(ONE, 'done').waitFor();
  await focusIs(/Continue the conversation with/);
});

test('the first and the last of repeated runs are reached without losing the focus', async () => {
  await compare.choose('Repeats', '× 2');
  await compare.run();
  await compare.view.getByText(/^4 runs ended$/).waitFor();
  const before = compare.column(ONE).getByRole('button', { name: 'Previous Run' });
  await before.focus();
  await press('Enter');
  await compare.column(ONE).getByText('run 1 of 2').waitFor();
  await focusIs(/Previous Run/);
  await compare.choose('Repeats', '× 1');
});

test('an added model is focused and visible; after a removal the focus moves to its neighbor', async () => {
  await compare.button('Add Model').focus();
  await press('Enter');
  await compare.view.getByRole('option', { name: /demo\/swift/ }).waitFor();
  await window.page.keyboard.type('demo/swift');
  await compare.view.getByRole('option', { selected: true, name: /demo\/swift/ }).waitFor();
  await press('Enter');
  await focusIs(/^section demo\/swift/);
  const box = await compare.column('demo/swift').boundingBox();
  expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(1440);

  await removeColumn('demo/swift');
  await focusIs(/^section local\/echo-2/);
  await compare.runAll([ONE, TWO]);
});

test('no control of the panel loses the focus when it is pressed', async () => {
  const lost: string[] = [];
  const inOneColumn = compare.column(ONE).getByRole('button').or(compare.column(ONE).getByRole('tab'));
  const buttons = [compare.view.locator('.header').getByRole('button'), inOneColumn];
  for (const button of (await Promise.all(buttons.map((some) => some.all()))).flat()) {
    if (!(await button.isVisible())) continue;
    const name = (await button.evaluate((element) => {
      const host = (element.getRootNode() as ShadowRoot).host ?? element;
      return host.getAttribute('aria-label') ?? host.textContent?.trim() ?? '';
    })) as string;
    if (LEAVES.test(name)) continue;
    await button.focus();
    await press('Enter');
    if (!(await stopNow())) lost.push(name);
    await press('Escape');
    if (!(await stopNow())) lost.push(`${name}, then Escape`);
  }
  expect(lost).toEqual([]);
});

test('the list of keyboard shortcuts traps the focus, and Escape restores it', async () => {
  await compare.column(ONE).focus();
  await press('?');
  await compare.view.getByRole('dialog', { name: 'Keyboard Shortcuts' }).waitFor();
  for (const key of ['Tab', 'Tab', 'Shift+Tab', 'F6']) {
    await press(key);
    await focusIs(/Close$/);
  }
  await press('Escape');
  await compare.view.getByRole('dialog').waitFor({ state: 'detached' });
  await focusIs(/^section local\/echo-1/);
});

test('F6 moves through the regions and then out of the panel, Shift+F6 out at the other end', async () => {
  const part = () => window.page.evaluate<string>('document.activeElement?.closest(".part")?.id ?? "panel"');
  const regions = await compare.view
    .locator('[data-region]:visible')
    .evaluateAll((all) => all.map((region) => region.getAttribute('data-region')));
  expect(regions.length).toBeGreaterThan(2);
  await compare.button(/^Run$/).focus();
  for (const region of regions.slice(1)) {
    await press('F6');
    await compare.view.locator(`[data-region="${region}"]:focus-within`).waitFor();
    expect(await part()).toBe('panel');
  }
  await press('F6');
  await expect.poll(part).toBe('workbench.parts.statusbar');

  await compare.button(/^Run$/).focus();
  await expect.poll(part).toBe('panel');
  await pause();
  await press('Shift+F6');
  await expect.poll(part).toBe('workbench.parts.sidebar');
});

test('every element that Tab reaches shows its focus, in every theme', async () => {
  const themes: ThemeFacts[] = await recordThemes(window, compare.view);
  const unseen: string[] = [];
  await removeColumn(TWO);
  const looked = new Set<string>();
  for await (const stop of stops()) {
    if (looked.has(stop.kind)) continue;
    looked.add(stop.kind);
    for (const theme of themes) {
      await replayTheme(compare.view, theme);
      const around = 2 * (stop.box.width + stop.box.height);
      const size = await ringSize(window.page, compare.view, stop);
      if (size < around / 3) unseen.push(`${theme.label}: ${stop.name}: ${size} of ${Math.round(around)} points`);
    }
  }
  expect(looked.size).toBeGreaterThan(8);
  expect(unseen).toEqual([]);
}, 240_000);

/** Each stop of the Tab key, from the first control of the panel to the last. */
async function* stops(): AsyncGenerator<Stop> {
  await compare.view.locator('.header').getByRole('button').first().focus();
  await press('Shift+Tab');
  await press('Tab');
  const seen = new Set<string>();
  for (let stop = await stopNow(); stop; stop = await stopNow()) {
    const place = `${stop.name} ${Math.round(stop.box.x)} ${Math.round(stop.box.y)}`;
    if (seen.has(place)) return;
    seen.add(place);
    yield stop;
    await press('Tab');
    if (!(await compare.view.locator('body').evaluate('document.hasFocus()'))) return;
  }
}

/** Opens something beside the panel, which gets the focus. */
const LEAVES =
  /^ask$|From File|From Dataset|Run on Dataset|Add as Case|Copy|raw|Select Several|Remove|Duplicate|Open|^Message|^Inputs/;

async function removeColumn(model: string): Promise<void> {
  await compare.column(model).getByRole('button', { name: 'More Actions', exact: true }).focus();
  await press('Enter');
  await compare.view.getByRole('menuitem', { name: 'Remove This Column' }).focus();
  await press('Enter');
}
