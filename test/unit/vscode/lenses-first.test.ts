import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const editors: { document: { languageId: string; uri: string } }[] = [];
const settings: Record<string, unknown> = {};
vi.mock('vscode', () => ({
  window: { visibleTextEditors: editors },
  workspace: {
    getConfiguration: (section: string) => ({ get: (name: string) => settings[`${section}.${name}`] }),
  },
}));
const { afterLenses, lensesAnswered, putLensesFirst } = await import('../../../src/vscode/host/lenses-first.ts');

beforeEach(() => {
  vi.useFakeTimers();
  editors.splice(0, editors.length, { document: { languageId: 'dotprompt', uri: 'a.prompt' } });
  Object.assign(settings, { 'llmops.codeLens.enabled': true, 'editor.codeLens': true });
});
afterEach(() => vi.useRealTimers());

/** Whether what is heavy may be loaded by now. */
async function isFree(): Promise<boolean> {
  return Promise.race([afterLenses().then(() => true), Promise.resolve().then(() => false)]);
}

test('core is loaded once the lenses are answered and no other extension makes VS Code ask anew', async () => {
  putLensesFirst();
  await vi.advanceTimersByTimeAsync(300);
  lensesAnswered();
  await vi.advanceTimersByTimeAsync(300);
  expect(await isFree()).toBe(false);
  lensesAnswered();
  await vi.advanceTimersByTimeAsync(300);
  expect(await isFree()).toBe(false);
  await vi.advanceTimersByTimeAsync(150);
  expect(await isFree()).toBe(true);
});

test('a window that is never asked for lenses, or asked again and again, goes on', async () => {
  putLensesFirst();
  for (let asked = 0; asked < 5; asked++) {
    await vi.advanceTimersByTimeAsync(290);
    lensesAnswered();
  }
  expect(await isFree()).toBe(false);
  await vi.advanceTimersByTimeAsync(100);
  expect(await isFree()).toBe(true);
});

test.for([
  ['no prompt is open', () => editors.splice(0)],
  ['the lenses are switched off', () => Object.assign(settings, { 'llmops.codeLens.enabled': false })],
  ['the editor shows no lenses', () => Object.assign(settings, { 'editor.codeLens': false })],
] as const)('nothing waits where %s', async ([, change]) => {
  putLensesFirst();
  await vi.advanceTimersByTimeAsync(2000);
  change();
  putLensesFirst();
  expect(await isFree()).toBe(true);
});
