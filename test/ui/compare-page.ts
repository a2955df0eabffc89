import fs from 'node:fs';
import path from 'node:path';
import type { FrameLocator, Locator } from 'playwright-core';
import { root } from '../bed/vscode-host.mjs';
import type { WorkbenchWindow } from '../bed/workbench.mjs';

/** The Compare panel as a user finds it: by names and text on the screen. */
export interface ComparePage {
  view: FrameLocator;
  /** The column of a model, optionally in a state: `column('demo/swift', 'done')`. */
  column(model: string, state?: string): Locator;
  button(name: string | RegExp): Locator;
  /** The control of an input, by the input's name. */
  input(name: string): Locator;
  /** Expands the form, which Run collapses in a panel of less than 900 px. */
  showInputs(): Promise<void>;
  totals: Locator;
  /** Runs all columns; resolves once the previous answers are gone. */
  run(): Promise<void>;
  /** Runs all columns and waits until each has succeeded. */
  runAll(models: string[]): Promise<void>;
  /** Runs one column and waits until it has succeeded. */
  runColumn(model: string): Promise<void>;
  /** Selects an item of a column's menu, which has all of its actions: `pick(column, 'More Actions', 'Remove this column')`. */
  pick(column: Locator, menu: string, item: string | RegExp): Promise<void>;
  choose(dropdown: string, option: string): Promise<void>;
}

export function comparePage(window: WorkbenchWindow): ComparePage {
  const view = window.webview();
  const button = (name: string | RegExp) => view.getByRole('button', { name }).first();
  const column = (model: string, state = '') => view.getByRole('region', { name: `${model}, ${state}` });
  // a run's answer is a new element: once the marked ones are gone, the new run is shown
  const rerun = async (within: Locator, start: () => Promise<void>) => {
    const answers = within.getByRole('document', { name: /^Answer of/ });
    await answers.evaluateAll((elements) => {
      for (const element of elements) element.setAttribute('data-before', '');
    });
    await start();
    await within.locator('[data-before]').first().waitFor({ state: 'detached' });
  };
  const run = () => rerun(view.locator('body'), () => button(/^Run$/).click());
  const pick = async (from: Locator, menu: string, item: string | RegExp) => {
    await from.getByRole('button', { name: menu, exact: true }).click();
    await view.getByRole('menuitem', { name: item }).click();
  };
  return {
    view,
    button,
    column,
    run,
    input: (name) => view.getByRole('textbox', { name: new RegExp(`^${name}\\b`) }),
    async showInputs() {
      const toggle = view.getByRole('complementary', { name: 'Inputs' }).getByRole('button', { name: /^Inputs/ });
      if ((await toggle.getAttribute('aria-expanded')) === 'false') await toggle.click();
    },
    totals: view.getByRole('region', { name: 'Totals' }),
    async runAll(models) {
      await run();
      for (const model of models) await column(model, 'done').waitFor();
      await view.getByText(/^\d+ runs? ended$/).waitFor();
    },
    pick,
    async runColumn(model) {
      await rerun(column(model), () => pick(column(model), 'More Actions', /^Run This Column/));
      await column(model, 'done').waitFor();
    },
    async choose(dropdown, option) {
      await view.getByRole('combobox', { name: dropdown }).click();
      await view.getByRole('option', { name: option, exact: true }).click();
    },
  };
}

/** The sample's prompt with quick demo models: for tests that do not look at answers while they arrive. */
export function quickChurnAnalysis(): Record<string, string> {
  const file = 'prompts/churn-analysis.prompt';
  const text = fs.readFileSync(path.join(root, 'media/sample-workspace', file), 'utf8');
  return { [file]: text.replace('config:\n', 'config:\n  demo: { tokensPerSecond: 400, ttftMs: 50 }\n') };
}

/** Opens a prompt and its Compare panel, with the CodeLens above the file. */
export async function openCompare(window: WorkbenchWindow, prompt: string): Promise<ComparePage> {
  await window.openFile(prompt);
  const lenses = window.page.locator('.editor-group-container.active .codelens-decoration a');
  await lenses.filter({ hasText: 'Compare' }).click();
  const compare = comparePage(window);
  await compare.button(/^Run$/).waitFor();
  return compare;
}

/** Figures in a column's status line; the others are in the row that its button opens. */
const IN_LINE = ['elapsed', 'tokens in and out', 'cost'];

/** The text of one of a column's figures, `cost` or `output tokens`: without its label and its best mark. */
export async function figure(column: Locator, label: string): Promise<string> {
  const all = column.getByRole('button', { name: 'Show All Figures' });
  const isFolded = !IN_LINE.includes(label) && (await all.getAttribute('aria-expanded')) === 'false';
  if (isFolded) await all.click();
  const text = await column.locator('.figure').filter({ hasText: label }).first().textContent();
  if (isFolded) await all.click();
  return (text ?? '')
    .replaceAll(/\s+/g, ' ')
    .replace(label, '')
    .replace(/,[^,]*$/, '')
    .replace(/ simulated$/, '')
    .trim();
}

/** A column's answer as the model wrote it, in any tab; empty before there is one. */
export async function answerOf(column: Locator): Promise<string> {
  const tab = column.getByRole('tab', { selected: true });
  if ((await tab.count()) === 0) return '';
  const before = (await tab.textContent()) ?? '';
  const show = (name: string) => column.getByRole('tab', { name, exact: true }).click();
  if (before !== 'Text') await show('Text');
  const plain = column.getByRole('document', { name: /^Answer of/ }).and(column.locator('.answer-text'));
  const text = await plain.evaluate(drawnText);
  if (before !== 'Text') await show(before);
  return text;
}

/** An answer is drawn in slices between frames: its text once two frames added nothing, or thirty drew none. */
async function drawnText(element: Element): Promise<string> {
  const twoFrames = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  for (let turn = 0; ; turn++) {
    const text = element.textContent ?? '';
    await twoFrames();
    if (text === element.textContent && (text !== '' || turn > 15)) return text;
  }
}
