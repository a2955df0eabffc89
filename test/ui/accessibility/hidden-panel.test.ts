import { expect, test } from 'vitest';
import { openCompare } from '../compare-page.ts';
import { openPreview } from '../preview-page.ts';
import { useWorkbench } from '../workbench.ts';

const openWindow = useWorkbench();

test('a panel that is hidden while it has the focus does not capture F6', async () => {
  const window = await openWindow({
    files: { 'prompts/hello.prompt': '---\nmodel: demo/swift\n---\nSay hello.\n' },
  });
  const { keyboard } = window.page;
  const part = () => window.page.evaluate<string>('document.activeElement?.closest(".part")?.id ?? "panel"');
  // Like a user's key press, by which VS Code learns that a panel got or lost the focus.
  const pause = () => window.page.waitForTimeout(500);
  await openCompare(window, 'prompts/hello.prompt');
  await pause();
  await keyboard.press('Control+1');
  await window.page.locator('.monaco-editor.focused').waitFor();
  const preview = await openPreview(window, 'prompts/hello.prompt');
  await preview.tab('Messages').focus();
  await pause();
  await keyboard.press('Control+Enter');

  const compare = window.webview();
  await compare.getByRole('region', { name: 'demo/swift, done' }).waitFor();
  await compare.getByRole('button', { name: 'Run', exact: true }).focus();
  await pause();
  await keyboard.press('Shift+F6');
  await expect.poll(part).toBe('workbench.parts.sidebar');
  await pause();
  await keyboard.press('F6');
  await expect.poll(part).not.toBe('workbench.parts.sidebar');
  expect(await part()).toBe('panel');
});
