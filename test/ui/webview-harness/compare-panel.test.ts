import { describe, expect, test } from 'vitest';
import type { ColumnView, CompareSnapshot } from '../../../src/protocol/compare.ts';
import type { PanelOptions } from './open-panel.ts';
import { aColumn, aRun, aSnapshot, JSON_ANSWER, textDelta } from './snapshots.ts';
import { usePanels } from './use-panels.ts';

const panels = usePanels();

async function open(columns: ColumnView[], changes: Partial<CompareSnapshot> = {}, options: PanelOptions = {}) {
  const panel = await panels.open(aSnapshot(columns, changes), options);
  return panel;
}

const done = (id: string, text: string, changes: Parameters<typeof aRun>[0] = {}) =>
  aColumn(id, `openai/${id}`, { runs: [aRun({ runId: `${id}-1`, text, ...changes })] });
const live = (id: string, text = '') => done(id, text, { state: 'streaming', finishReason: undefined });
const focused = () => {
  const element = document.activeElement;
  return element?.getAttribute('aria-label') ?? element?.textContent ?? '';
};

describe('streaming', () => {
  test('text arrives in its column, with figures and clock, and the end replaces the estimate', async () => {
    const { page, send, problems } = await open([live('a'), done('b', 'other')], { running: true });
    const column = page.locator('.column').first();
    const figures = { ...aRun().figures, cost: { totalUsd: 0.001 }, ttftMs: 20, elapsedMs: 500, tokensPerSecond: 80 };
    const estimated = { ...figures, usage: { outputTokens: 3 }, usageEstimated: true };
    await send(textDelta('a', 'Hello '), {
      type: 'run-event',
      columnId: 'a',
      at: 0,
      event: { type: 'run-figures', runId: 'a-1', figures: estimated },
    });
    await send(textDelta('a', 'world'));
    // a long frame on a busy machine draws the rest of a text in the next one
    await expect.poll(() => column.locator('.answer-text').textContent()).toBe('Hello world');
    await expect.poll(() => column.locator('.figures').textContent()).toContain('≈3');
    const clock = await column.locator('.figure', { hasText: 'elapsed' }).textContent();
    await expect.poll(() => column.locator('.figure', { hasText: 'elapsed' }).textContent()).not.toBe(clock);
    await send({
      type: 'run-patch',
      runId: 'a-1',
      patch: {
        state: 'done',
        text: 'Hello world',
        finishReason: 'stop',
        figures: { ...figures, usage: { outputTokens: 4 }, usageEstimated: false },
      },
    });
    await expect.poll(() => column.locator('.figures').textContent()).not.toContain('≈');
    expect(await column.locator('.state').textContent()).toContain('done');
    expect(problems).toEqual([]);
  });

  test('scrolling follows the end only while the reader is there', async () => {
    const { page, send } = await open([live('a')], { running: true });
    const body = page.locator('.column-body').first();
    const atEnd = () => body.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight < 8);
    await send(textDelta('a', 'line\n'.repeat(200)));
    expect(await atEnd()).toBe(true);
    await body.hover();
    await page.mouse.wheel(0, -600);
    await page.locator('.to-end').waitFor();
    const place = await body.evaluate((element) => element.scrollTop);
    await send(textDelta('a', 'line\n'.repeat(50)));
    expect(await body.evaluate((element) => element.scrollTop)).toBe(place);
    await page.getByRole('button', { name: 'Scroll to End' }).click();
    await send(textDelta('a', 'line\n'.repeat(50)));
    expect(await atEnd()).toBe(true);
  });

  test('the scroll position is still at the end after the panel became narrower', async () => {
    const { page, send } = await open([done('a', '', { state: 'streaming' })], { running: true });
    await send(textDelta('a', 'many words in a row '.repeat(800)));
    const left = () =>
      page.locator('.column-body').evaluate((body) => body.scrollHeight - body.scrollTop - body.clientHeight);
    expect(await left()).toBeLessThan(8);
    await page.setViewportSize({ width: 700, height: 600 });
    await expect.poll(left).toBeLessThan(8);
    await send(textDelta('a', 'more words '.repeat(200)));
    expect(await left()).toBeLessThan(8);
  });

  test('a lost batch makes the panel request a new snapshot', async () => {
    const { page, send, calls } = await open([live('a', 'one')], { running: true });
    await page.evaluate(
      (snapshot) => {
        fakeHost.seq = 4;
        fakeHost.replies.snapshot = snapshot;
      },
      aSnapshot([live('a', 'one two three')], { seq: 5, running: true }),
    );
    await send(textDelta('a', ' three'));
    await expect.poll(() => page.locator('.answer-text').textContent()).toBe('one two three');
    expect(await calls('snapshot')).toHaveLength(2);
  });

  test('the end of a run is announced to a screen reader, its tokens are not', async () => {
    const { page, send } = await open([live('a')], { running: true });
    await send(textDelta('a', 'token'));
    expect(await page.locator('[aria-live]').textContent()).toBe('');
    await send({ type: 'run-patch', runId: 'a-1', patch: { state: 'done', finishReason: 'stop' } });
    await expect.poll(() => page.locator('[aria-live]').textContent()).toBe('openai/a done, 1.41 s, $0.0019');
  });
});

describe('malicious answers', () => {
  const hostile = [
    '<script>window.pwned = 1</script><img src="https://evil.example/x.png" onerror="window.pwned = 1">',
    '![pixel](https://evil.example/pixel.png) [click](javascript:window.pwned=1) [web](https://good.example/a)',
    'ansi \u001b[31mred\u001b[0m, nul \u0000, bell \u0007',
    'مرحبا \u202eevil\u202c',
    '<style>body { display: none }</style>',
  ].join('\n\n');

  test.each(['Text', 'Markdown'])('are text as %s: nothing runs, nothing is loaded', async (tab) => {
    const { page, problems } = await open([live('a'), done('b', hostile)]);
    await page.locator('.column').nth(1).getByRole('tab', { name: tab }).click();
    const body = page.locator('.column').nth(1).locator('.column-body');
    await expect.poll(() => body.textContent()).toContain('<style>body { display: none }</style>');
    const text = (await body.textContent()) ?? '';
    expect(text).toContain('<script>window.pwned = 1</script>');
    expect(text).toContain('␛[31mred');
    expect(text).toContain('␇');
    expect(await body.locator('script, img, style, iframe, [onerror], a[href]').count()).toBe(0);
    expect(await page.evaluate(() => 'pwned' in window)).toBe(false);
    expect(problems).toEqual([]);
  });

  test('links are opened by the host after a click, and only allowed ones', async () => {
    const { page, calls } = await open([done('b', hostile)]);
    await page.getByRole('tab', { name: 'Markdown' }).click();
    await page.getByText('click', { exact: true }).click();
    await page.getByRole('link', { name: 'web' }).click();
    await page.getByRole('link', { name: 'image: pixel' }).press('Enter');
    expect(await calls('link.open')).toEqual([
      { url: 'https://good.example/a' },
      { url: 'https://evil.example/pixel.png' },
    ]);
  });

  test('right-to-left text does not affect the text around it', async () => {
    const { page } = await open([done('b', 'مرحبا بالعالم')]);
    expect(await page.locator('.text-box').evaluate((box) => getComputedStyle(box).unicodeBidi)).toBe('plaintext');
    expect(await page.locator('.column').evaluate((column) => getComputedStyle(column).direction)).toBe('ltr');
  });
});

describe('with the keyboard', () => {
  test('F6 moves through the regions and back', async () => {
    const { page } = await open([done('a', 'one'), done('b', 'two')]);
    const region = () =>
      page.evaluate(() => document.activeElement?.closest('[data-region]')?.getAttribute('data-region'));
    const seen: unknown[] = [await region()];
    for (const key of ['F6', 'F6', 'Shift+F6']) {
      await page.keyboard.press(key);
      seen.push(await region());
    }
    expect(seen).toEqual(['header', 'inputs', 'columns', 'inputs']);
  });

  test('Ctrl+A selects all in a field without VS Code, which would do so again after the next key', async () => {
    const { page } = await open([done('a', 'one')]);
    await page.evaluate(() => {
      const seen: string[] = [];
      Object.assign(globalThis, { seen });
      window.addEventListener('keydown', ({ key }) => seen.push(key));
    });
    await page.getByPlaceholder('Reply').first().click();
    await page.keyboard.type('one');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('b');
    expect(
      await page
        .getByPlaceholder('Reply')
        .first()
        .evaluate((field: HTMLInputElement) => field.value),
    ).toBe('b');
    expect(await page.evaluate('seen')).toEqual(['o', 'n', 'e', 'Control', 'b']);
    await page.locator('.column').first().focus();
    await page.keyboard.press('Control+a');
    expect(await page.evaluate('seen.at(-1)')).toBe('a');
  });

  test('arrows move between columns, Enter into one and Escape out of it', async () => {
    const { page } = await open([done('a', 'one'), done('b', 'two')]);
    await page.locator('.column').first().focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.evaluate(focused)).toBe('openai/b, done, column 2 of 2');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(focused)).toBe('Answer of openai/b');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Home');
    expect(await page.evaluate(focused)).toBe('openai/a, done, column 1 of 2');
  });

  test('arrows move between tabs', async () => {
    const { page } = await open([done('a', JSON_ANSWER), done('b', 'two')]);
    const first = page.locator('.column').first();
    await first.getByRole('tab', { name: 'JSON' }).focus();
    await page.keyboard.press('ArrowRight');
    expect(await first.getByRole('tree').count()).toBe(0);
    expect(await page.evaluate(focused)).toBe('Text');
    await page.keyboard.press('Home');
    expect(await first.getByRole('tree').count()).toBe(1);
    await first.getByRole('treeitem').first().focus();
    await page.keyboard.press('ArrowDown');
    expect(await page.evaluate(focused)).toBe('risk_level: "high"');
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    expect(await page.locator('[role="treeitem"][aria-expanded="false"]').count()).toBe(1);
  });

  test('Ctrl+Enter runs, after the last typed keys were sent', async () => {
    const { page, calls } = await open([done('a', 'one')]);
    await page.locator('vscode-text-field').first().click();
    await page.keyboard.press('End');
    await page.keyboard.type('7');
    await page.keyboard.press('Control+Enter');
    await expect.poll(() => calls('run.start')).toEqual([{}]);
    expect(await calls('input.set')).toMatchObject([{ input: { age: 427, tenure: 7, usage: '[12, 9, 4]' } }]);
    const order = await page.evaluate(() => fakeHost.calls.map((call) => call.method).slice(-2));
    expect(order).toEqual(['input.set', 'run.start']);
  });

  test('a click on Run sends the last typed keys first too', async () => {
    const { page, calls } = await open([done('a', 'one')]);
    await page.locator('vscode-text-field').first().click();
    await page.keyboard.press('End');
    await page.keyboard.type('7');
    await page.locator('.run-controls vscode-button').first().click();
    await expect.poll(() => calls('run.start')).toEqual([{}]);
    const order = await page.evaluate(() => fakeHost.calls.map((call) => call.method).slice(-2));
    expect(order).toEqual(['input.set', 'run.start']);
  });

  test('? shows the keyboard shortcuts, but not while typing', async () => {
    const { page } = await open([done('a', 'one')]);
    await page.locator('vscode-text-area').first().click();
    await page.keyboard.type('?');
    expect(await page.locator('dialog').count()).toBe(0);
    await page.locator('.column').first().focus();
    await page.keyboard.press('?');
    await page.locator('dialog[open]').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    expect(await page.evaluate(focused)).toContain('openai/a');
  });

  test('a model is chosen: filter, arrows, Enter; Escape restores the focus', async () => {
    const { page, calls } = await open([done('a', 'one')]);
    const button = page.getByRole('button', { name: 'Model openai/a. Change' });
    await button.press('Enter');
    await page.getByRole('option').first().waitFor();
    await page.keyboard.press('Escape');
    expect(await page.evaluate(focused)).toContain('Model openai/a');
    await page.keyboard.press('Enter');
    await page.getByRole('option').first().waitFor();
    await page.keyboard.type('a');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(await calls('column.set')).toMatchObject([{ columnId: 'a', model: expect.stringContaining('/') }]);
  });
});

describe('the form', () => {
  test('keeps typed text while the host echoes earlier input, and accepts values from a file', async () => {
    const { page, send, calls } = await open([done('a', 'one')]);
    const age = page.locator('vscode-text-field').first();
    await age.click();
    await page.keyboard.press('End');
    await page.keyboard.type('1');
    await expect.poll(() => calls('input.set')).toHaveLength(1);
    const [first] = (await calls('input.set')) as [{ input: Record<string, unknown> }];
    await page.keyboard.type('2');
    await send({ type: 'input', input: first.input, problems: [] });
    expect(await age.evaluate((field) => (field as HTMLInputElement).value)).toBe('4212');
    await send({ type: 'input', input: { age: 7 }, problems: [{ path: '$.tenure', message: 'is required' }] });
    expect(await age.evaluate((field) => (field as HTMLInputElement).value)).toBe('7');
    expect(await page.locator('.field.invalid').textContent()).toContain('is required');
  });

  test('has the same distance above every description, full rows for texts, and icons aligned with their text', async () => {
    const failed = done('b', 'partial', { state: 'failed', error: { code: 'auth', message: 'The key was refused.' } });
    const { page } = await open([done('a', 'one'), failed], {}, { size: { width: 650, height: 800 } });
    const gaps = await page.locator('.field:has(.description)').evaluateAll((fields) =>
      fields.map((field) => {
        const host = field.querySelector('vscode-text-field, vscode-text-area, .dropdown, vscode-checkbox');
        const control = host?.shadowRoot?.querySelector('[part="root"], .root, .control') ?? host;
        const description = field.querySelector('.description');
        return (description?.getBoundingClientRect().top ?? 0) - (control?.getBoundingClientRect().bottom ?? 0);
      }),
    );
    expect(gaps.map(Math.round)).toEqual([4, 4, 4, 4]);

    const rows = await page
      .locator('.field-string, .field-json')
      .evaluateAll((fields) => fields.map((one) => one.clientWidth));
    const all = await page.locator('.fields').evaluate((fields) => fields.clientWidth);
    expect(rows).toEqual([all, all]);

    const withText = '.run-error p:has(.codicon), .state:has([aria-hidden]:not(.codicon)), .form-toggle';
    const off = await page.locator(withText).evaluateAll((lines) =>
      lines.map((line) => {
        const icon = line.querySelector('.codicon')?.getBoundingClientRect() ?? new DOMRect();
        const range = document.createRange();
        range.selectNodeContents(line.querySelector('[aria-hidden]:not(.codicon)') ?? line.lastChild ?? line);
        const text = range.getClientRects()[0] ?? new DOMRect();
        return Math.abs(icon.top + icon.bottom - text.top - text.bottom) / 2;
      }),
    );
    expect(off).toHaveLength(3);
    expect(Math.max(...off)).toBeLessThanOrEqual(1);
  });

  test('reports invalid JSON immediately', async () => {
    const { page } = await open([done('a', 'one')]);
    await page.locator('vscode-text-area.code').click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type(',');
    await page.getByText('Invalid JSON').waitFor();
  });
});

describe('actions on an answer', () => {
  test('a column shows what failed, for which model, and offers a fix', async () => {
    const error = {
      code: 'auth' as const,
      message: 'openai refused the key (401).',
      hint: 'Set the key again.',
      action: { command: 'llmops.connection.setKey', title: 'Set API Key', args: ['openai'] },
    };
    const { page, calls } = await open([done('a', 'partial', { state: 'failed', error })]);
    const box = page.getByRole('region', { name: 'Error' });
    expect(await box.textContent()).toContain(
      'openai refused the key (401).Set the key again.The text received so far is kept above.',
    );
    await box.getByText('Set API Key').click();
    expect(await calls('action.run')).toEqual([{ command: 'llmops.connection.setKey', args: ['openai'] }]);
  });

  test('a rating is set, cleared and annotated', async () => {
    const { page, calls } = await open([done('a', 'one')]);
    await page.getByRole('button', { name: 'Good Answer' }).click();
    await page.locator('.codicon-thumbsup-filled').waitFor();
    await page.getByRole('button', { name: 'Good Answer' }).click();
    await page.locator('.codicon-thumbsup-filled').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Add Note' }).click();
    await page.keyboard.type('too long');
    await page.getByRole('button', { name: 'Save' }).click();
    expect(await calls('run.rate')).toEqual([
      { runId: 'a-1', rating: 'up' },
      { runId: 'a-1' },
      { runId: 'a-1', note: 'too long' },
    ]);
  });

  test('tool results and follow-ups continue the conversation', async () => {
    const toolCalls = [{ id: 't1', name: 'lookup', input: { id: 42 } }];
    const { page, calls } = await open([done('a', '', { finishReason: 'tool-calls', toolCalls }), done('b', 'two')]);
    await page.getByRole('textbox', { name: 'Result of lookup' }).fill('{"plan": "Gold"}');
    await page.getByText('Send Result').click();
    await page.getByRole('textbox', { name: 'Continue the conversation with openai/b' }).fill('and why?');
    await page.getByRole('textbox', { name: 'Continue the conversation with openai/b' }).press('Enter');
    expect(await calls('run.continue')).toEqual([
      { columnId: 'a', toolResults: [{ id: 't1', name: 'lookup', output: '{"plan": "Gold"}' }] },
      { columnId: 'b', text: 'and why?' },
    ]);
  });

  test('a diff compares with the chosen column', async () => {
    const { page } = await open([
      done('a', 'the risk is low'),
      done('b', 'the risk is high'),
      done('c', 'the risk is low'),
    ]);
    await page.locator('.column').first().getByRole('tab', { name: 'Diff' }).click();
    await page.locator('.diff ins').waitFor();
    expect([await page.locator('.diff del').textContent(), await page.locator('.diff ins').textContent()]).toEqual([
      'high',
      'low',
    ]);
    await page.locator('.diff-head .dropdown').click();
    await page.getByRole('option', { name: '3: openai/c' }).click();
    await page.getByText('The two answers are the same.').waitFor();
  });

  test('a parameter that the model does not support is disabled with the reason', async () => {
    const { page, calls } = await open([aColumn('a', 'openai/gpt-6-mini')]);
    await page.getByRole('button', { name: 'Parameters of this column' }).click();
    await page.getByText('This model does not support temperature').waitFor();
    const temperature = page.locator('.parameter-editor vscode-text-field').first();
    await expect.poll(() => temperature.getAttribute('disabled')).not.toBeNull();
    await page.getByRole('textbox', { name: 'Max output tokens' }).fill('512');
    await page.keyboard.press('Escape');
    await expect.poll(() => calls('column.set')).toEqual([{ columnId: 'a', parameters: { maxOutputTokens: 512 } }]);
  });

  test('the best of each figure is described in text', async () => {
    const figures = {
      ...aRun().figures,
      cost: { totalUsd: 0.5 },
      elapsedMs: 9_000,
      ttftMs: 900,
      tokensPerSecond: 5,
      usage: {},
      usageEstimated: false,
    };
    const { page } = await open([done('a', 'one'), done('b', 'two', { figures })]);
    await page.getByRole('button', { name: 'Show All Figures' }).first().click();
    const words = await page.locator('.column').first().locator('.figure.best').allTextContents();
    expect(words.join(' ')).toMatch(/fastest.*cheapest.*shortest.*highest/);
    await page.getByRole('button', { name: /^Total: / }).click();
    expect(await page.getByRole('dialog', { name: 'Totals' }).textContent()).toContain('fastestopenai/a 1.41 s');
  });
});

describe('the view', () => {
  test('a reload keeps tabs, folds and the identity of the comparison', async () => {
    const { page } = await open([done('a', JSON_ANSWER), done('b', 'two')], { comparisonId: 'c-9' });
    await page.locator('.column').first().getByRole('tab', { name: 'JSON' }).click();
    await page.getByRole('button', { name: /messages/ }).click();
    const state = () => page.evaluate(() => JSON.parse(sessionStorage.getItem('state') ?? '{}'));
    await expect.poll(async () => (await state()).ui?.openSections).toEqual(['messages']);
    expect(await state()).toMatchObject({
      promptPath: '/workspace/prompts/churn-analysis.prompt',
      comparisonId: 'c-9',
    });
    await page.reload();
    await page.getByRole('tree').waitFor();
    expect(await page.getByRole('button', { name: /messages/ }).getAttribute('aria-expanded')).toBe('true');
  });

  test('eight columns scroll horizontally with a readable width, and nothing else does', async () => {
    const { page } = await open(Array.from({ length: 8 }, (_, i) => done(`m${i}`, 'text')));
    const widths = await page.locator('.column').evaluateAll((columns) => columns.map((column) => column.clientWidth));
    expect(Math.min(...widths)).toBeGreaterThanOrEqual(230);
    expect(await page.locator('.columns').evaluate((strip) => strip.scrollWidth > strip.clientWidth)).toBe(true);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  });

  test('at 380 px columns are stacked, each as wide as the panel', async () => {
    const { page } = await open([done('a', 'one'), done('b', 'two')], {}, { size: { width: 380, height: 800 } });
    const boxes = await page.locator('.column').evaluateAll((columns) =>
      columns.map((column) => {
        const { left, top, width } = column.getBoundingClientRect();
        return { left, top, width };
      }),
    );
    expect(boxes[0]?.left).toBe(boxes[1]?.left);
    expect(boxes[1]?.top).toBeGreaterThan(boxes[0]?.top ?? 0);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(380);
  });

  test.each(['dark', 'light', 'high-contrast'] as const)(
    '%s: the toolkit and the panel violate no rule of the page',
    async (theme) => {
      const { page, problems } = await open(
        [live('a', 'x'), done('b', JSON_ANSWER), aColumn('c', 'demo/swift')],
        {},
        { theme },
      );
      await page.getByRole('button', { name: 'Parameters of this column' }).first().click();
      await page.locator('.popover').waitFor();
      expect(problems).toEqual([]);
    },
  );

  test('without a column there is one next step', async () => {
    const { page, calls } = await open([], {}, { replies: { 'column.add': { columnId: 'x' } } });
    await page.getByRole('button', { name: 'Add Model' }).click();
    await page.getByRole('option', { name: /demo\/swift/ }).click();
    expect(await calls('column.add')).toEqual([{ model: 'demo/swift' }]);
  });

  test('a column lists all missing inputs, and invalid ones before them; before a run there are no totals', async () => {
    const missing = ['age', 'tenure', 'plan'].map((name) => ({ path: `$.${name}`, message: 'is missing' }));
    const { page, send } = await open([aColumn('a', 'demo/swift')], { input: {}, inputProblems: missing });
    const words = page.locator('.column-empty');
    expect(await words.textContent()).toBe('Fill in age, tenure and plan to run.');
    expect(await page.locator('button.sum').textContent()).toBe('Σ Total: —');
    const problems = [...missing.slice(0, 2), { path: '$.plan', message: 'must be one of Gold, Silver' }];
    await send({ type: 'input', input: {}, problems });
    expect(await words.textContent()).toBe('Input plan: must be one of Gold, Silver');
  });

  test('a demo answer is marked next to its text', async () => {
    const { page } = await open([aColumn('a', 'demo/swift', { runs: [aRun({ text: 'made up' })] })]);
    expect(await page.locator('.column-top').textContent()).toContain('made up, simulated cost');
  });

  test('a rejected call shows its reason and can be dismissed', async () => {
    const { page } = await open([done('a', 'one')]);
    await page.evaluate(() => {
      fakeHost.errors['run.start'] = { code: 'invalid-input', message: 'tenure is missing.', hint: 'Fill it in.' };
    });
    await page.locator('.run-controls vscode-button').first().click();
    await page.getByText('tenure is missing. Fill it in.').waitFor();
    await page.getByRole('button', { name: 'Dismiss' }).click();
    expect(await page.locator('.banner').count()).toBe(0);
  });
});
