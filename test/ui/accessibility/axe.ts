import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { FrameLocator } from 'playwright-core';
import { replayTheme, type ThemeFacts } from './theme-replay.ts';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe-core reports for a webview in its current state: one line per rule and element, with measured values. */
export async function axeViolations(
  view: Pick<FrameLocator, 'locator'>,
  only: { runOnly?: string[] } = {},
): Promise<string[]> {
  const body = view.locator('body');
  if (!(await body.evaluate('"axe" in window'))) await body.evaluate(source);
  const options = JSON.stringify({ resultTypes: ['violations'], ...only });
  const { violations }: AxeResults = await body.evaluate(`axe.run(document, ${options})`);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, any, all, none }) => {
      const why = [...any, ...all, ...none].map(({ message }) => message);
      return `${id}: ${target.join(' ')}: ${why.join('; ')}`;
    }),
  );
}

/** What axe-core reports for a state of a webview: with all of its rules, and with those on colors in every theme. */
export async function faultsInThemes(view: FrameLocator, themes: readonly ThemeFacts[]): Promise<string[]> {
  const found: string[] = [];
  for (const [index, theme] of themes.entries()) {
    await replayTheme(view, theme);
    const faults = await axeViolations(view, index === 0 ? {} : { runOnly: ['color-contrast', 'link-in-text-block'] });
    found.push(...faults.map((fault) => `${theme.label}: ${fault}`));
  }
  return found;
}
