import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { ColumnView, CompareSnapshot, RunView } from '../../../src/protocol/compare.ts';
import { aColumn, aRun, aSnapshot } from './snapshots.ts';
import { usePanels } from './use-panels.ts';

const panels = usePanels();

async function open(columns: ColumnView[], changes: Partial<CompareSnapshot> = {}) {
  const panel = await panels.open(aSnapshot(columns, changes));
  const said = () => panel.page.locator('body > [aria-live]').textContent();
  return { ...panel, saidIs: (text: string | RegExp) => expect.poll(said).toMatch(text), said };
}

const done = (id: string, changes: Parameters<typeof aRun>[0] = {}) =>
  aColumn(id, `openai/${id}`, { runs: [aRun({ runId: `${id}-1`, text: 'Hello.', ...changes })] });
const begun = (runId: string, repeat = 0) =>
  aRun({ runId, repeat, state: 'streaming', finishReason: undefined, figures: undefined });

describe('a screen reader announces', () => {
  test('the end of a run that started in the same message', async () => {
    const { send, saidIs } = await open([aColumn('a', 'openai/a')]);
    await send(
      { type: 'run-start', columnId: 'a', run: begun('q-1') },
      { type: 'run-patch', runId: 'q-1', patch: aRun({ runId: 'q-1' }) },
    );
    await saidIs(/^openai\/a done, 1\.41 s/);
  });

  test('nothing about the initial contents of a panel or a new column', async () => {
    const { send, said, page } = await open([done('a')]);
    await send({ type: 'columns', columns: [aColumn('a', 'openai/a'), aColumn('b', 'openai/b')] });
    await send({ type: 'run-start', columnId: 'b', run: aRun({ runId: 'b-1' }) });
    await page.waitForTimeout(400);
    expect(await said()).toBe('openai/b done, 1.41 s, $0.0019');
  });

  test('the last end of repeated runs, with the outcome of all', async () => {
    const { send, said, saidIs } = await open([aColumn('a', 'openai/a')]);
    await send(
      ...[0, 1, 2].map((repeat) => ({ type: 'run-start' as const, columnId: 'a', run: begun(`r-${repeat}`, repeat) })),
    );
    await saidIs(/^openai\/a started$/);
    const error = { code: 'network' as const, message: 'No answer.' };
    await send({ type: 'run-patch', runId: 'r-0', patch: { state: 'done' } });
    await send({ type: 'run-patch', runId: 'r-1', patch: { state: 'failed', error } });
    expect(await said()).toBe('openai/a started');
    await send({ type: 'run-patch', runId: 'r-2', patch: { state: 'done' } });
    await saidIs(/^openai\/a: 3 runs ended, 1 failed$/);
  });

  test('once, that answers are from before a change', async () => {
    const { send, saidIs } = await open([done('a'), done('b')]);
    const stale = ['inputs' as const];
    await send(...['a-1', 'b-1'].map((runId) => ({ type: 'run-patch' as const, runId, patch: { stale } })));
    await saidIs(/^Answers are out of date: inputs changed$/);
  });

  test('the active row of a picker, the current one of the column, and an empty result', async () => {
    const { page, saidIs } = await open([aColumn('a', 'demo/swift')]);
    await page.getByRole('button', { name: 'Model demo/swift. Change' }).press('Enter');
    await saidIs('anthropic/claude-opus-4-7, 1 of 5');
    await page.keyboard.type('swift');
    await saidIs('demo/swift, demo, current, 1 of 1');
    expect(await page.getByRole('option').getAttribute('aria-selected')).toBe('true');
    expect(await page.getByRole('option', { name: /demo\/swift.*, current/ }).count()).toBe(1);
    await page.keyboard.type('zzz');
    await saidIs('No models match.');
  });

  test('a problem of a value as it is typed, and again with the name of the field', async () => {
    const { page, send, saidIs } = await open([aColumn('a', 'openai/a')]);
    await page.getByRole('button', { name: 'More Actions', exact: true }).press('Enter');
    await page.getByRole('menuitem', { name: 'Parameters…' }).press('Enter');
    await page.getByRole('textbox', { name: 'Temperature' }).fill('-1');
    await saidIs('Must be at least 0.');
    const field = page.getByRole('textbox', { name: 'Temperature. Must be at least 0.' });
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    await page.keyboard.press('Escape');
    const age = page.getByRole('textbox', { name: /^age/ });
    await age.fill('x');
    await send({ type: 'input', input: { age: 'x' }, problems: [{ path: '$.age', message: 'must be integer' }] });
    await saidIs('must be integer');
    expect(await age.getAttribute('aria-invalid')).toBe('true');
  });
});

test('a run that was rejected because of a missing choice, and the focus moves to it', async () => {
  const problems = [{ path: '$.plan', message: 'is missing' }];
  const { page, send } = await open([aColumn('a', 'openai/a')], {
    input: { age: 1, tenure: 1 },
    inputProblems: problems,
  });
  await page.getByRole('button', { name: 'Run', exact: true }).focus();
  await send({ type: 'attempts', attempts: 1 });
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toMatch(/^plan/);
});

test('unknown values and sums in text, and no control by a symbol', async () => {
  const unmeasured = { ttftMs: undefined, tokensPerSecond: undefined };
  const cost = { totalUsd: undefined };
  const figures: RunView['figures'] = { cost, usage: {}, usageEstimated: false, elapsedMs: 10, ...unmeasured };
  const warnings = [{ code: 'schema-unsupported' as const, message: 'No token counts.' }];
  const { page } = await open([done('a', { figures, warnings, note: 'good' }), done('b', { figures })]);
  expect(await page.getByRole('button', { name: 'Total: unknown' }).count()).toBe(1);
  expect(await page.locator('.figure', { hasText: 'cost' }).first().getByRole('img', { name: 'unknown' }).count()).toBe(
    1,
  );
  const controls = await controlsOf(page);
  expect(controls.length).toBeGreaterThan(20);
  expect(controls.filter(({ name }) => !/^\p{Letter}/u.test(name) || /[\u{E000}-\u{F8FF}]/u.test(name))).toEqual([]);
  // A control that opens something is not a switch.
  expect(controls.filter(({ pressed, popup }) => pressed && popup)).toEqual([]);
});

interface Control {
  name: string;
  pressed: boolean;
  popup: boolean;
}

/** As the browser reports them to a screen reader. */
async function controlsOf(page: Page): Promise<Control[]> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  const roles = ['button', 'combobox', 'tab', 'textbox', 'checkbox', 'DisclosureTriangle', 'separator'];
  return nodes
    .filter(({ ignored, role }) => !ignored && roles.includes(String(role?.value)))
    .map(({ name, properties = [] }) => {
      const has = (property: string) =>
        properties.some((one) => one.name === property && one.value.value !== undefined);
      return { name: String(name?.value ?? '').trim(), pressed: has('pressed'), popup: has('hasPopup') };
    });
}
