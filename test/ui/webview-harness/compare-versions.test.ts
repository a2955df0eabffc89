import { expect, test } from 'vitest';
import type { ColumnVersion, ColumnView, VersionChoice } from '../../../src/protocol/compare.ts';
import type { PanelOptions } from './open-panel.ts';
import { aColumn, aRun, aSnapshot } from './snapshots.ts';
import { usePanels } from './use-panels.ts';

const panels = usePanels();

const V2 = 'b'.repeat(40);

function version(changes: Partial<ColumnVersion> = {}): ColumnVersion {
  const words = ['temperature 0.2 → 0.7', 'adds input `usage`'];
  return {
    label: 'v2',
    commit: V2,
    parameters: { temperature: 0.7 },
    changes: words,
    unused: [],
    added: [],
    problem: undefined,
    ...changes,
  };
}

const at = Date.UTC(2026, 9, 6);
const VERSIONS: VersionChoice[] = [
  { ref: 'production', kind: 'label', label: 'production', commit: V2, subject: 'Answer as JSON', author: 'Jonas', at },
  { ref: 'v2', kind: 'saved', label: 'v2', commit: V2, subject: 'Answer as JSON', author: 'Jonas', at },
  {
    ref: 'c'.repeat(40),
    kind: 'commit',
    label: 'ccccccc',
    commit: 'c'.repeat(40),
    subject: 'Begin',
    author: 'Priya',
    at,
  },
];

async function open(columns: ColumnView[], options: PanelOptions = {}) {
  const replies = { 'versions.list': VERSIONS, ...options.replies };
  const panel = await panels.open(aSnapshot(columns), { ...options, replies });
  return panel;
}

const both = (own: Partial<ColumnVersion> = {}) => [
  aColumn('a', 'demo/swift', { runs: [aRun({ runId: 'a-1', text: 'high' })] }),
  aColumn('b', 'demo/swift', { version: version(own), runs: [aRun({ runId: 'b-1', text: 'medium' })] }),
];

test('if one column names a version, all show theirs, and their names differ', async () => {
  const { page, problems } = await open(both());
  expect(await page.locator('.version-badge').allTextContents()).toEqual(['working copy', 'v2']);
  await page.getByRole('region', { name: 'demo/swift at v2, done' }).waitFor();
  expect(await page.getByRole('button', { name: 'Version v2. Change' }).getAttribute('title')).toContain(
    'temperature 0.2 → 0.7\nadds input usage',
  );
  const tops = await page.locator('.status').evaluateAll((all) => all.map((one) => one.getBoundingClientRect().top));
  expect(new Set(tops).size).toBe(1);
  expect(problems).toEqual([]);
});

test('without a version no column shows one', async () => {
  const { page } = await open([aColumn('a', 'demo/swift'), aColumn('b', 'demo/balanced')]);
  expect(await page.locator('.version-badge').count()).toBe(0);
});

test('a version is chosen by keyboard: filter, arrows, Enter', async () => {
  const { page, calls } = await open(both());
  const opener = page.locator('.column').first().getByRole('button', { name: 'Version: working copy. Change' });
  await opener.focus();
  await page.keyboard.press('Enter');
  const list = page.getByRole('listbox', { name: 'Versions' });
  await list.getByRole('option', { name: /production/ }).waitFor();
  expect(await list.getByRole('option').count()).toBe(4);
  await page.keyboard.type('jonas');
  await expect.poll(() => list.getByRole('option').count()).toBe(2);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect.poll(() => calls('column.set')).toEqual([{ columnId: 'a', version: 'v2' }]);
});

test('the working copy is chosen again, and any name that git knows can be typed', async () => {
  const { page, calls } = await open(both());
  await page.getByRole('button', { name: 'Version v2. Change' }).click();
  await page.getByRole('option', { name: /working copy/ }).click();
  await expect.poll(() => calls('column.set')).toEqual([{ columnId: 'b', version: null }]);
  await page.getByRole('button', { name: 'Version v2. Change' }).click();
  await page.getByRole('option', { name: /production/ }).waitFor();
  await page.keyboard.type('HEAD~2');
  await page.getByRole('button', { name: 'Use HEAD~2' }).waitFor();
  await page.keyboard.press('Enter');
  await expect.poll(() => calls('column.set')).toHaveLength(2);
  expect((await calls('column.set'))[1]).toEqual({ columnId: 'b', version: 'HEAD~2' });
});

test('a version is added as a column, with the model of the last one', async () => {
  const { page, calls } = await open(both());
  await page.getByRole('button', { name: 'Add Version' }).click();
  await page.getByRole('option', { name: /production/ }).click();
  await expect.poll(() => calls('column.add')).toEqual([{ version: 'production' }]);
});

test('a column shows which inputs its version does not use, and why it cannot run', async () => {
  const problem = { code: 'invalid-input' as const, message: 'The input tenure is missing.', hint: 'Fill it in.' };
  const { page } = await open([
    ...both().slice(0, 1),
    aColumn('b', 'demo/swift', { version: version({ unused: ['notes'], added: ['tenure'], problem }) }),
  ]);
  const column = page.locator('.column').nth(1);
  expect(await column.locator('.version-notes').textContent()).toContain(
    'The input tenure is missing. · does not use notes · also needs tenure',
  );
  expect(await column.locator('.column-empty').textContent()).toBe('The input tenure is missing. Fill it in.');
});

test('the gear shows the settings in the version’s own file', async () => {
  const { page } = await open(both());
  await page.locator('.column').nth(1).getByRole('button', { name: 'Parameters of this column' }).click();
  await page.getByRole('dialog', { name: 'Parameters of demo/swift at v2' }).waitFor();
  const temperature = page.getByRole('textbox', { name: 'Temperature' });
  expect(await temperature.getAttribute('placeholder')).toBe('file: 0.7');
});

test('a diff with the other version is offered by its name', async () => {
  const { page } = await open(both());
  await page.locator('.column').first().getByRole('tab', { name: 'Diff' }).click();
  await page.getByRole('combobox', { name: 'Compare with column' }).click();
  await page.getByRole('option', { name: '2: demo/swift at v2' }).waitFor();
});

test('an unreadable history is reported, and the panel continues', async () => {
  const { page } = await open(both());
  await page.evaluate(() => {
    fakeHost.errors['versions.list'] = { code: 'no-repository', message: 'This folder is in no git repository.' };
  });
  await page.getByRole('button', { name: 'Add Version' }).click();
  await page.getByRole('alert').filter({ hasText: 'This folder is in no git repository.' }).waitFor();
});
