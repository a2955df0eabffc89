import type { FrameLocator } from 'playwright-core';
import type { WorkbenchWindow } from '../../bed/workbench.mjs';
import { chooseTheme, THEMES } from '../readable.ts';

/** What VS Code tells a webview of a theme. */
export interface ThemeFacts {
  label: string;
  style: string;
  bodyClass: string;
  kind: string;
}

/** Picks each theme in VS Code once, and notes what it makes of the webview; the first one is in use again at the end. */
export async function recordThemes(window: WorkbenchWindow, view: FrameLocator): Promise<ThemeFacts[]> {
  const facts: ThemeFacts[] = [];
  for (const theme of THEMES) {
    await chooseTheme(window, theme);
    await view.locator(`body.${theme.name}`).waitFor();
    const shown: Omit<ThemeFacts, 'label'> = await view.locator('body').evaluate(READ);
    facts.push({ label: theme.label, ...shown });
  }
  return facts;
}

/** Shows a webview as it is in a theme, by what VS Code itself had told it: much faster than another change of theme. */
export async function replayTheme(view: FrameLocator, { style, bodyClass, kind }: ThemeFacts): Promise<void> {
  await view.locator('body').evaluate(
    async (_body, [css = '', classes = '', themeKind = '']) => {
      document.documentElement.style.cssText = css;
      document.body.className = classes;
      document.body.dataset.vscodeThemeKind = themeKind;
      for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
    },
    [style, bodyClass, kind],
  );
}

const READ = `({
  style: document.documentElement.style.cssText,
  bodyClass: document.body.className,
  kind: document.body.dataset.vscodeThemeKind,
})`;
