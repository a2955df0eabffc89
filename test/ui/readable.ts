import type { WorkbenchWindow } from '../bed/workbench.mjs';

/** Each theme by its name in VS Code's own picker, and the class that its webviews get. */
export const THEMES = [
  { theme: 'light', label: 'Light Modern', name: 'vscode-light' },
  { theme: 'dark', label: 'Dark Modern', name: 'vscode-dark' },
  { theme: 'high-contrast', label: 'Dark High Contrast', name: 'vscode-high-contrast' },
  { theme: 'high-contrast-light', label: 'Light High Contrast', name: 'vscode-high-contrast-light' },
];

/** Text with a contrast to its background below 4.5, WCAG's minimum for text of this size. */
export const FAINT = `(() => {
  const parse = (text) => {
    const values = (text.match(/[\\d.]+/g) ?? []).map(Number);
    // a mixed color has components from 0 to 1
    return text.startsWith('color(') ? values.map((value, index) => (index < 3 ? value * 255 : value)) : values;
  };
  const over = (top, bottom) => {
    const alpha = top[3] ?? 1;
    return [0, 1, 2].map((index) => top[index] * alpha + bottom[index] * (1 - alpha));
  };
  const behind = (element) => {
    if (!element) return parse(getComputedStyle(document.documentElement).getPropertyValue('--vscode-editor-background')).slice(0, 3);
    const color = parse(getComputedStyle(element).backgroundColor);
    return color[3] === 0 ? behind(element.parentElement) : over(color, behind(element.parentElement));
  };
  const light = (color) => {
    const [red, green, blue] = color.map((value) => value / 255).map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const faint = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { textContent, parentElement } = texts.currentNode;
    if (!textContent.trim() || !parentElement.checkVisibility({ visibilityProperty: true })) continue;
    if (parentElement.closest('[disabled], [aria-disabled="true"], .visually-hidden, .codicon')) continue;
    const back = behind(parentElement);
    const style = getComputedStyle(parentElement);
    const front = over(parse(style.color), back);
    const [low, high] = [light(front), light(back)].sort((a, b) => a - b);
    const ratio = (high + 0.05) / (low + 0.05);
    if (ratio < 4.5) faint.push(textContent.trim().slice(0, 40) + ' ' + ratio.toFixed(1) + ' ' + style.color + ' on ' + back.map(Math.round));
  }
  return [...new Set(faint)];
})()`;

/** Selects the theme like a user. */
export async function chooseTheme({ page, command }: WorkbenchWindow, { label }: { label: string }): Promise<void> {
  await command('Preferences: Color Theme');
  await page.locator('.quick-input-widget input.input').fill(label);
  const row = page.locator('.quick-input-list .monaco-list-row');
  await row.filter({ has: page.locator('.label-name').getByText(label, { exact: true }) }).click();
}
