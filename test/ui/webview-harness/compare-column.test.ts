import type { Locator } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { ColumnView, CompareSnapshot, RunView } from '../../../src/protocol/compare.ts';
import type { PanelOptions } from './open-panel.ts';
import { aColumn, aRun, aSnapshot, JSON_ANSWER, textDelta } from './snapshots.ts';
import { usePanels } from './use-panels.ts';

const panels = usePanels();

const TEXT = { ...aSnapshot([]).prompt, outputFormat: 'text' as const };
const LONG = 'anthropic/claude-opus-4-7-thinking-preview-20260115';
const SMALL = { totalUsd: 0.000066, source: 'genai-prices 0.1.8' };

async function open(columns: ColumnView[], changes: Partial<CompareSnapshot> = {}, options: PanelOptions = {}) {
  const panel = await panels.open(aSnapshot(columns, changes), options);
  return { ...panel, column: (index: number) => panel.page.locator('.column').nth(index) };
}

const answered = (id: string, changes: Partial<RunView> = {}, model = `openai/${id}`) =>
  aColumn(id, model, { runs: [aRun({ runId: `${id}-1`, ...changes })] });
const figures = (changes: object) => ({ ...aRun().figures, ...changes }) as RunView['figures'];
const tabs = (column: Locator) => column.getByRole('tab').allTextContents();
const selected = (column: Locator) => column.getByRole('tab', { selected: true }).textContent();
/** The visible text: without the text for screen readers. */
const shown = (line: Locator) =>
  line.evaluate((element) => {
    const copy = element.cloneNode(true) as HTMLElement;
    for (const hidden of copy.querySelectorAll('.visually-hidden')) hidden.remove();
    for (const part of copy.querySelectorAll('.figure, .figures > span, .state, div')) part.append(' ');
    return (copy.textContent ?? '').replaceAll(/\s+/g, ' ').trim();
  });
const lines = (line: Locator) =>
  line.evaluate((element) => {
    const tops = [...element.querySelectorAll('.state, .figure, .figures > span')].map((part) => {
      const { top, height } = part.getBoundingClientRect();
      return height === 0 ? undefined : Math.round((top + height / 2) / 8);
    });
    return new Set(tops.filter((top) => top !== undefined)).size;
  });

describe('the header', () => {
  test('truncates a long name in its middle, and no icon covers it', async () => {
    const { page, column } = await open(
      [answered('a', { text: 'x' }, LONG), answered('b', { text: 'x' }), answered('c'), answered('d')],
      {},
      { size: { width: 1090, height: 800 } },
    );
    await column(0).hover();
    const name = column(0).locator('.model-name');
    const boxes = await name.evaluate((element) => {
      const [connection, start, end] = ['connection', 'start', 'end'].map((part) =>
        element.querySelector(`.model-${part}`),
      );
      const more = element.closest('.head-row')?.querySelector('.head-row > vscode-button');
      return {
        cut: [connection, start].map((part) => (part?.scrollWidth ?? 0) > (part?.clientWidth ?? 0)),
        modelFirst: (start?.clientWidth ?? 0) > (connection?.clientWidth ?? 0),
        whole: (end?.scrollWidth ?? 0) <= (end?.clientWidth ?? 0) + 1,
        end: end?.textContent,
        gap: (more?.getBoundingClientRect().left ?? 0) - element.getBoundingClientRect().right,
      };
    });
    expect(boxes).toMatchObject({ cut: [true, true], modelFirst: true, whole: true, end: 'iew-20260115' });
    expect(boxes.gap).toBeGreaterThanOrEqual(0);
    expect(await column(0).locator('.head-actions vscode-button').count()).toBe(0);
    expect(await column(1).locator('.head-actions vscode-button').count()).toBeGreaterThan(1);
    expect(await page.getByRole('button', { name: `Model ${LONG}. Change` }).getAttribute('title')).toContain(LONG);
  });

  test('fits four columns without horizontal scrolling where three have their default width', async () => {
    const four = ['a', 'b', 'c', 'd'].map((id) =>
      answered(id, { text: '{}', schemaCheck: { valid: true } }, 'demo/swift'),
    );
    const { page, column } = await open(four, {}, { size: { width: 1090, height: 800 } });
    const isCut = (selector: string) =>
      page
        .locator(selector)
        .first()
        .evaluate((element) => element.scrollWidth > element.clientWidth);
    expect(await isCut('.columns')).toBe(false);
    expect(await isCut('.status-row')).toBe(false);
    expect(await isCut('.column-footer')).toBe(false);
    expect(await isCut('.demo-note')).toBe(false);
    const [note, figures] = [column(0).locator('.demo-note'), column(0).locator('.status-row')];
    expect(await lines(figures)).toBe(1);
    expect(await note.getAttribute('title')).toContain('Demo models make up their answers');
  });

  test('keeps the icon that folds a row next to its name, and wraps the rest below that name', async () => {
    const text = JSON.stringify({
      deep: { recommendations_for_this_customer: ['Offer the Silver plan'], note: 'a b' },
    });
    const ids = ['a', 'b', 'c', 'd', 'e'];
    const { column } = await open(
      ids.map((id) => answered(id, { text })),
      {},
      { size: { width: 1090, height: 800 } },
    );
    const rows = await column(0)
      .getByRole('treeitem')
      .evaluateAll((items) =>
        items.map((item) => {
          const parts = [...(item.querySelector('.json-text')?.getClientRects() ?? [])];
          const sign = item.querySelector('.json-twistie')?.getBoundingClientRect() ?? new DOMRect();
          const left = Math.min(...parts.map((part) => part.left));
          return {
            below: left - sign.right,
            level: Math.abs(sign.top - (parts[0]?.top ?? 0)),
            height: item.clientHeight,
          };
        }),
      );
    expect(rows).toHaveLength(5);
    for (const { below, level } of rows) expect([Math.round(below), level < 4]).toEqual([0, true]);
    expect(Math.min(...rows.map(({ height }) => height))).toBeLessThanOrEqual(19);
    expect(Math.max(...rows.map(({ height }) => height))).toBeGreaterThan(30);
  });

  test('shows the connection and a short name completely, without a gap', async () => {
    const { column } = await open([answered('a', { text: 'x' }, 'x/c')]);
    const parts = column(0).locator('.model-name > *');
    const boxes = await parts.evaluateAll((all) => all.map((part) => part.getBoundingClientRect()));
    expect(await parts.allTextContents()).toEqual(['x', '/', 'c', '']);
    for (const [index, box] of boxes.slice(1).entries()) expect(box.left - (boxes[index]?.right ?? 0)).toBeLessThan(2);
  });

  test('shows its icons only on hover and focus, and has all actions in its menu', async () => {
    const { page, calls, column } = await open([answered('a', { text: 'x' }), answered('b', { text: 'y' })], {
      prompt: TEXT,
    });
    const icon = column(0).locator('.head-actions > *').first();
    const opacity = () => icon.evaluate((element) => getComputedStyle(element).opacity);
    expect(await opacity()).toBe('0');
    await column(0).hover();
    expect(await opacity()).toBe('1');
    await page.locator('.title').hover();
    expect(await opacity()).toBe('0');
    await column(0).getByRole('button', { name: 'More Actions', exact: true }).focus();
    expect(await opacity()).toBe('1');
    await page.keyboard.press('Enter');
    expect(await page.getByRole('menuitem').allTextContents()).toEqual([
      'Run This Column Again',
      'Version…',
      'Parameters…',
      'Duplicate This Column',
      'Remove This Column',
      'Copy Answer',
      'Add Note…',
      'Add as Case…',
      'Copy as curl',
      'Copy as Python',
      'Copy as TypeScript',
      'Open Raw Request',
      'Open Raw Response',
    ]);
    await page.getByRole('menuitem', { name: 'Parameters…' }).click();
    await page.getByRole('dialog', { name: /^Parameters of openai\/a/ }).waitFor();
    await page.keyboard.press('Escape');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('More Actions');
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Run This Column Again' }).click();
    expect(await calls('run.start')).toEqual([{ columnId: 'a' }]);
  });

  test('keeps Stop visible while the column runs, next to the menu and aligned with it', async () => {
    const { calls, column } = await open([answered('a', { state: 'streaming', text: 'x' })], { running: true });
    const stop = column(0).getByRole('button', { name: 'Stop This Column' });
    const [icon, more] = [
      await stop.boundingBox(),
      await column(0).getByRole('button', { name: 'More Actions', exact: true }).boundingBox(),
    ];
    expect((more?.x ?? 0) - (icon?.x ?? 0) - (icon?.width ?? 0)).toBeLessThanOrEqual(4);
    expect(icon?.y).toBe(more?.y);
    expect(
      await column(0)
        .locator('.urgent')
        .evaluate((icon) => getComputedStyle(icon).opacity),
    ).toBe('1');
    await stop.click();
    expect(await calls('run.stop')).toEqual([{ columnId: 'a' }]);
  });
});

describe('the line of figures', () => {
  const done = { text: '{}', schemaCheck: { valid: true } as const };
  const quick = figures({ elapsedMs: 700, cost: SMALL, usage: { inputTokens: 335, outputTokens: 82 } });

  test.each([1440, 1090])('is one line in a panel of %i px: state, time, tokens, cost, schema', async (width) => {
    const { column } = await open(
      [
        answered('a', { ...done, figures: quick }),
        answered('b', done),
        answered('c', {
          state: 'streaming',
          finishReason: undefined,
          figures: figures({ usageEstimated: true, elapsedMs: 3100, cost: { totalUsd: 0.0035 } }),
        }),
        aColumn('d', 'openai/d'),
      ],
      { running: true },
      { size: { width, height: 800 } },
    );
    const row = (index: number) => column(index).locator('.status-row');
    expect(await shown(row(0))).toBe('0.70 s 335→82 $0.000066');
    expect(await row(0).locator('.schema.valid').isVisible()).toBe(true);
    expect(await shown(row(2))).toMatch(/^\d\.\d\d s ≈212→≈87 ≈\$0\.0035$/);
    expect(await shown(row(3))).toBe('≈205 in ≈$0.00061 ≤ $0.031');
    for (const index of [0, 1, 2, 3]) expect(await lines(row(index)), `column ${index}`).toBe(1);
    expect(await row(0).textContent()).toMatch(
      /done.*elapsed.*, fastest.*tokens in and out.*cost.*, cheapest.*matches the/,
    );
    expect(
      await row(0)
        .locator('.figure.best')
        .first()
        .evaluate((best) => getComputedStyle(best).fontWeight),
    ).toBe('700');
  });

  test('has the rest in a hover, and in a row that the keyboard opens in all columns', async () => {
    const { page, column } = await open([answered('a', done), answered('b', done)]);
    const elapsed = column(0).locator('.figure', { hasText: 'elapsed' });
    expect(await elapsed.getAttribute('title')).toContain('time to first token 0.28 s\nspeed 118 tok/s');
    await column(1).getByRole('button', { name: 'Show All Figures' }).focus();
    await page.keyboard.press('Enter');
    expect(await shown(column(0).locator('.figure-details'))).toMatch(
      /^ttft 0\.28 s 118 tok\/s in 212 out 87 finish stop cost \$0\.0019412 · input \$0\.000636/,
    );
    expect(await page.locator('.figure-details').count()).toBe(2);
    await expect
      .poll(() => page.evaluate(() => JSON.parse(sessionStorage.getItem('state') ?? '{}').ui?.figuresOpen))
      .toBe(true);
    await page.reload();
    await page.locator('.figure-details').first().waitFor();
  });

  test('names no winner if two show the same value', async () => {
    const { page } = await open([
      answered('a', { ...done, figures: figures({ elapsedMs: 700.4, cost: { totalUsd: 0.00191 } }) }),
      answered('b', { ...done, figures: figures({ elapsedMs: 703.9, cost: { totalUsd: 0.00193 } }) }),
    ]);
    expect(await page.locator('.figure.best').count()).toBe(0);
    expect(await page.locator('.totals').textContent()).not.toMatch(/fastest|cheapest/);
  });

  test('truncates nothing in the narrowest column while the server only shows activity', async () => {
    const alive = figures({ usage: {}, cost: {}, ttftMs: undefined, elapsedMs: 42_000, aliveMs: 42_000 });
    const waiting = (id: string) =>
      answered(id, { state: 'waiting', finishReason: undefined, figures: alive }, `openai/${id}`);
    const { column } = await open(['a', 'b', 'c', 'd', 'e'].map(waiting), { running: true });
    const row = column(0).locator('.status-row');
    expect(await shown(row)).toMatch(/^server is responding 4\d\.\d s$/);
    expect(await row.textContent()).toContain('waiting, server is responding, 0:42');
    expect(await row.evaluate((element) => element.scrollWidth <= element.clientWidth)).toBe(true);
  });
});

describe('the tabs', () => {
  test('start with the answer: Markdown of a text, the tree of JSON, by the version that is run', async () => {
    const version = { label: 'v2', commit: 'b'.repeat(40), parameters: {}, changes: [], unused: [], added: [] };
    const { page, column } = await open([
      answered('a', { text: JSON_ANSWER }),
      aColumn('b', 'openai/b', {
        version: { ...version, problem: undefined, outputFormat: 'text' },
        runs: [aRun({ runId: 'b-1', text: '**bold**' })],
      }),
    ]);
    expect(await tabs(column(0))).toEqual(['JSON', 'Text', 'Markdown', 'Diff']);
    expect(await selected(column(0))).toBe('JSON');
    expect(await column(0).getByRole('tree').count()).toBe(1);
    expect(await tabs(column(1))).toEqual(['Markdown', 'Text', 'JSON', 'Diff']);
    expect(await column(1).locator('.answer-markdown b, .answer-markdown strong').textContent()).toBe('bold');
    const foot = await column(0)
      .locator('.column-footer')
      .evaluate((element) => element.getBoundingClientRect().height);
    expect(foot).toBeLessThanOrEqual(32);
    expect(await page.locator('.column-footer .tabs').count()).toBe(2);
  });

  test('JSON grows as a tree, and nothing moves when tokens arrive or the answer ends', async () => {
    const live = (id: string) => answered(id, { state: 'streaming', finishReason: undefined, text: '' });
    const { page, send, column } = await open([live('a'), live('b')], { running: true });
    const place = async () => {
      const body = await column(0).locator('.column-body').boundingBox();
      return [body?.y, body?.height, await tabs(column(0)), await selected(column(0))];
    };
    const before = await place();
    await send(textDelta('a', '```json\n{"risk": "hi'));
    await column(0).getByText('risk: "hi"').waitFor();
    expect(await place()).toEqual(before);
    await send(textDelta('a', 'gh", "factors": [1, 2'));
    await column(0).getByText('risk: "high"').waitFor();
    const row = column(0).getByRole('treeitem', { name: /^risk/ });
    const top = (await row.boundingBox())?.y;
    await send(textDelta('a', ', 3]}\n```'));
    const text = '```json\n{"risk": "high", "factors": [1, 2, 3]}\n```';
    await send({ type: 'run-patch', runId: 'a-1', patch: { state: 'done', text, finishReason: 'stop' } });
    await column(0).getByText('[3 items]').waitFor();
    expect((await row.boundingBox())?.y).toBe(top);
    expect(await place()).toEqual(before);
    await send(textDelta('b', 'Sure, here it is'));
    await column(1).getByText('Sure, here it is').waitFor();
    expect(await page.getByText('is not JSON').count()).toBe(0);
  });

  test('an edit of the prompt does not change the tabs of an existing answer', async () => {
    const { send, column } = await open([answered('a', { text: JSON_ANSWER }), answered('b')]);
    await send({ type: 'prompt', prompt: TEXT });
    expect(await tabs(column(0))).toEqual(['JSON', 'Text', 'Markdown', 'Diff']);
  });
});

describe('repeats', () => {
  test('show how many answers match the schema and how many differ, including failed ones', async () => {
    const error = { code: 'server' as const, message: 'openai answered 500.' };
    const texts = ['{"a": 1, "b": 2}', '```json\n{"b":2,"a":1}\n```', '{"a": 2}', ''];
    const runs = texts.map((text, repeat) =>
      aRun({
        runId: `a-${repeat}`,
        repeat,
        text,
        schemaCheck:
          text === '' ? undefined : repeat === 2 ? { valid: false, problems: ['b is missing'] } : { valid: true },
        ...(text === '' && { state: 'failed' as const, error }),
      }),
    );
    const { column } = await open([aColumn('a', 'openai/a', { runs })]);
    expect(await column(0).locator('.repeat-counts').textContent()).toBe(
      '2 of 4 match the schema · 2 distinct answers · 1 failed',
    );
  });
});

describe('a run that did not succeed', () => {
  const error = {
    code: 'auth' as const,
    message: 'openai refused the key (401).',
    hint: 'Set the key again.',
    action: { command: 'llmops.connection.setKey', title: 'Set API Key', args: ['openai'] },
  };

  test('shows its error and the next steps, no dashes and no empty tabs', async () => {
    const nothing = figures({ usage: {}, cost: {}, ttftMs: undefined, tokensPerSecond: undefined, elapsedMs: 310 });
    const { page, calls, column, send } = await open([
      answered('a', { state: 'failed', finishReason: undefined, error, figures: nothing }),
      answered('b', { text: 'x' }),
    ]);
    expect(await shown(column(0).locator('.status-row'))).toBe('failed 0.31 s');
    expect(await column(0).getByRole('tab').count()).toBe(0);
    expect(await column(0).textContent()).not.toContain('—');
    const sent = figures({ ...nothing, usage: { inputTokens: 339 }, usageEstimated: true });
    await send({ type: 'run-patch', runId: 'a-1', patch: { figures: sent } });
    expect(await shown(column(0).locator('.status-row'))).toBe('failed 0.31 s ≈339 in');
    const box = column(0).getByRole('region', { name: 'Error' });
    expect(await box.locator('vscode-button').allTextContents()).toEqual(['Set API Key', 'Run Again']);
    await box.getByRole('button', { name: 'Run Again' }).click();
    expect(await calls('run.start')).toEqual([{ columnId: 'a' }]);
    await page.getByRole('tab').first().waitFor();
  });

  test.each<[string, Partial<RunView>, string]>([
    ['at the token limit', { finishReason: 'length' }, 'Cut off at the token limit.'],
    ['by the provider’s filter', { finishReason: 'content-filter' }, 'The provider filtered this answer.'],
    [
      'at 16 MB',
      { state: 'stopped', error: { code: 'bad-response', message: 'The answer was stopped at 16 MB of text.' } },
      'The answer was stopped at 16 MB of text.',
    ],
    ['by an error', { state: 'failed', error }, 'openai refused the key (401).'],
    ['with the window', { state: 'interrupted' }, 'The window was closed during this run.'],
  ])('cut off %s is marked above its text, at any scroll position', async (_, changes, notice) => {
    const { column } = await open([answered('a', { text: 'line\n'.repeat(400), ...changes }), answered('b')], {
      prompt: TEXT,
    });
    const summary = column(0).locator('.notes summary');
    expect((await summary.textContent())?.trim()).toBe(notice);
    await column(0)
      .locator('.column-body')
      .evaluate((body) => body.scrollTo(0, 900));
    const [top, body] = [await summary.boundingBox(), await column(0).locator('.column-body').boundingBox()];
    expect((top?.y ?? 0) + (top?.height ?? 0)).toBeLessThanOrEqual(body?.y ?? 0);
  });
});

test('a demo answer is marked in every tab, at any scroll position', async () => {
  const { column } = await open([
    answered('a', { text: `{"list": [${'1, '.repeat(300)}1]}` }, 'demo/swift'),
    answered('b', { text: '{}' }),
  ]);
  const note = column(0).getByText('made up, simulated cost');
  for (const tab of await column(0).getByRole('tab').all()) {
    await tab.click();
    await column(0)
      .locator('.column-body')
      .evaluate((body) => body.scrollTo(0, body.scrollHeight));
    expect(await note.evaluate((element) => element.checkVisibility())).toBe(true);
    expect((await note.boundingBox())?.y).toBeGreaterThan(0);
  }
  expect(await column(1).getByText('made up, simulated cost').count()).toBe(0);
});

test('the answer has the editor’s background, everything around it the side bar’s, and the answer most of the height', async () => {
  const { page, column } = await open(
    [answered('a', { text: JSON_ANSWER }), answered('b'), answered('c')],
    {},
    {
      size: { width: 1090, height: 800 },
    },
  );
  const background = (selector: string) =>
    column(0)
      .locator(selector)
      .evaluate((element) => getComputedStyle(element).backgroundColor);
  expect(await background('.column-top')).toBe('rgb(24, 24, 24)');
  expect(await background('.column-footer')).toBe('rgb(24, 24, 24)');
  expect(await background('.column-body')).toBe('rgba(0, 0, 0, 0)');
  const body = await column(0).locator('.column-body').boundingBox();
  expect((body?.height ?? 0) / (page.viewportSize()?.height ?? 0)).toBeGreaterThanOrEqual(0.6);
});
