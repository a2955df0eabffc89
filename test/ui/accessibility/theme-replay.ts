import type { FrameLocator } from 'playwright-core';
import type { WorkbenchWindow } from '../../bed/workbench.mjs';
import { chooseTheme, THEMES } from '../readable.ts';

/** What VS Code sends a webview about a theme. */
export interface ThemeFacts {
  label: string;
  style: string;
  bodyClass: string;
  kind: string;
}

/** Selects each theme in VS Code once, and records its effect on the webview; the first one is restored at the end. */
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

/** Shows a webview in a theme, as VS Code itself had set it: much faster than switching the theme. */
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
