import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../bed/vscode-host.mjs';
import { type Bed, openBed, type WorkbenchWindow } from '../bed/workbench.mjs';

const FILE = 'prompts/hello.prompt';
const TEXT =
  '---\nmodel:   demo/swift\ninput:\n  schema:\n    name: string, whom to greet\n---\nHello {{name}} {{nme}}\n';
let bed: Bed;

beforeAll(async () => {
  bed = await openBed({ others: [path.join(root, 'test/fixtures/language-extension')] });
});
afterAll(async () => {
  await bed?.close();
});

/** A prompt that two extensions support, once both have responded. */
async function openShared(chosen: 'auto' | 'always' | 'never'): Promise<WorkbenchWindow> {
  const window = await bed.openWindow({
    workspace: path.join(root, 'media/sample-workspace'),
    files: { [FILE]: TEXT },
    settings: { 'llmops.language.deferToOtherExtensions': chosen },
  });
  await window.openFile(FILE);
  await window.page.locator('.squiggly-error').first().waitFor();
  // ours is there too: lenses are never deferred
  await window.page.locator('.codelens-decoration').getByText('Compare').waitFor();
  await window.page
    .locator('.statusbar-item')
    .filter({ hasText: /≈\d+ tok/ })
    .waitFor();
  return window;
}

const problems = async ({ page, command }: WorkbenchWindow) => {
  await command('View: Focus Problems');
  const rows = page.locator('.markers-panel .monaco-list-row').filter({ has: page.locator('.marker-icon') });
  await rows.first().waitFor();
  return rows.allTextContents();
};

/** The hover of the variable: one part per extension. */
async function hoverTexts({ page }: WorkbenchWindow): Promise<string[]> {
  await page.locator('.view-line').filter({ hasText: 'Hello' }).getByText('name', { exact: true }).first().hover();
  const parts = page.locator('.monaco-editor .monaco-hover:visible .hover-row');
  await parts.filter({ hasText: 'Explained by the other' }).waitFor();
  return parts.allTextContents();
}

test.for(['auto', 'always'] as const)(
  'with %s, only the other extension provides hover, formatting and problems',
  async (chosen) => {
    const window = await openShared(chosen);

    expect(await hoverTexts(window)).toEqual([expect.stringContaining('Explained by the other')]);
    expect(await problems(window)).toEqual([expect.stringContaining('Said by the other')]);
    await window.openFile(FILE);
    await window.command('Format Document');
    const lines = window.page.locator('.editor-group-container.active .view-lines');
    await expect.poll(() => lines.textContent()).toMatch(/Formatted\sby\sthe\sother/);
    expect(await lines.textContent()).toMatch(/model:\s{3}demo/);
  },
);

test('with never, both respond', async () => {
  const window = await openShared('never');

  expect((await hoverTexts(window)).join()).toContain('name: string');
  const said = (await problems(window)).join();
  expect(said).toContain('Said by the other');
  expect(said).toContain('undefined-variable');
});
