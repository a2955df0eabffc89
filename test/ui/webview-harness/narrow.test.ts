import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { CompareSnapshot } from '../../../src/protocol/compare.ts';
import { aColumn, aRun, aSnapshot } from './snapshots.ts';
import { usePanels } from './use-panels.ts';

const panels = usePanels();

/** A panel beside an editor at 832 × 520 CSS px, which is 1440 × 900 at a zoom of 200%. */
const BESIDE = { width: 340, height: 418 };

async function open(changes: Partial<CompareSnapshot> = {}, size = BESIDE): Promise<Page> {
  const columns = ['a', 'b'].map((id) =>
    aColumn(id, `openai/${id}`, { runs: [aRun({ runId: `${id}-1`, text: 'word '.repeat(200) })] }),
  );
  const { page } = await panels.open(aSnapshot(columns, changes), { size });
  return page;
}

/** Left and right edge of the matching elements, and the width without the panel's own scroll bar. */
const edges = (page: Page, selector: string) =>
  page.locator(selector).evaluateAll((all) => {
    const { clientWidth } = document.documentElement;
    return all.map((element) => {
      const { left, right } = element.getBoundingClientRect();
      return { left, room: clientWidth - right };
    });
  });

test.each([326, 340, 399])('the header has two lines in a panel of %i px', async (width) => {
  const page = await open({}, { ...BESIDE, width });
  const tops = await page
    .locator('.run-controls > :is(vscode-button, button)')
    .evaluateAll((all) => all.map((button) => Math.round(button.getBoundingClientRect().top)));
  expect(tops).toHaveLength(5);
  expect(Math.max(...tops) - Math.min(...tops)).toBeLessThan(4);
});

test('popovers are not covered by the panel’s scroll bar', async () => {
  const page = await open();
  expect(await page.evaluate(() => window.innerWidth - document.documentElement.clientWidth)).toBeGreaterThan(0);
  for (const name of ['Add Model', 'Add Version']) {
    await page.getByRole('button', { name }).press('Enter');
    await page.locator('.popover').waitFor();
    for (const { left, room } of await edges(page, '.popover, .popover vscode-text-field, .popover vscode-button')) {
      expect(left).toBeGreaterThanOrEqual(0);
      expect(room).toBeGreaterThanOrEqual(0);
    }
    await page.keyboard.press('Escape');
  }
});

test('the list of keyboard shortcuts starts at its first line, scrolls with the arrow keys, and its button stays visible', async () => {
  const page = await open({}, { ...BESIDE, height: 240 });
  await page.getByRole('button', { name: 'Keyboard Shortcuts' }).press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Keyboard Shortcuts' });
  const scrolled = () => dialog.evaluate((element) => element.scrollTop);
  const bottom = () =>
    page.getByRole('button', { name: 'Close' }).evaluate((button) => button.getBoundingClientRect().bottom);
  expect(await scrolled()).toBe(0);
  expect(await bottom()).toBeLessThanOrEqual(240);
  for (let line = 0; line < 5; line++) await page.keyboard.press('ArrowDown');
  await expect.poll(scrolled).toBeGreaterThan(20);
  expect(await bottom()).toBeLessThanOrEqual(240);
});

test('text in the form is not truncated, and required marks stay next to their names', async () => {
  const fields: CompareSnapshot['prompt']['fields'] = [
    {
      name: 'months_of_membership_so_far',
      type: 'integer',
      required: true,
      description: 'months since the contract began',
      schema: { type: 'integer' },
    },
  ];
  const problems = [{ line: 4, column: 1, message: 'unknown key "temprature"; did you mean "temperature"?' }];
  const page = await open({ prompt: { ...aSnapshot([]).prompt, fields, problems }, input: {} });
  const name = page.locator('.field-name > span').first();
  expect(await name.evaluate((label) => label.getClientRects().length)).toBe(1);
  await page.setViewportSize({ width: 220, height: 418 });
  const cut = await page
    .locator('.field-name, .description, .banner, .column')
    .evaluateAll((all) =>
      all.filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth + 1).map(({ className }) => className),
    );
  expect(cut).toEqual([]);
  const words = page.locator('.banner > span:not(.codicon)');
  expect((await words.boundingBox())?.width).toBeGreaterThan(100);
});
