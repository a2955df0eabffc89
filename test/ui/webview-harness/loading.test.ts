import { expect, test } from 'vitest';
import { axeViolations } from '../accessibility/axe.ts';
import { hostScript, type Theme } from './panel-page.ts';
import { usePanels } from './use-panels.ts';

const panels = usePanels();

const REFUSED = { code: 'internal', message: 'The history could not be read.', hint: 'Look into the log.' };

test.each<Theme>(['dark', 'light', 'high-contrast'])(
  'axe-core reports nothing in a panel that is loading or could not be loaded: %s',
  async (theme) => {
    const page = await panels.browser.newPage({ viewport: { width: 340, height: 420 } });
    await page.addInitScript({ content: `${hostScript}\nwindow.fakeHost.silent = !location.search;` });
    await page.addInitScript(`window.fakeHost.errors = { snapshot: ${JSON.stringify(REFUSED)} }`);
    await page.goto(`${panels.url}/${theme}`);
    await page.getByRole('status').getByText('Loading the comparison…').waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await page.goto(`${panels.url}/${theme}?answer`);
    await page.getByRole('alert').getByText(REFUSED.message).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await page.close();
  },
);
