import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { WorkbenchWindow } from '../bed/workbench.mjs';
import { useWorkbench } from './workbench.ts';

describe('rendering a file because it was opened', () => {
  const openWindow = useWorkbench();
  let window: WorkbenchWindow;

  beforeAll(async () => {
    window = await openWindow();
  });

  const open = async (name: string, source: string) => {
    writeFileSync(path.join(window.workspace ?? '', 'prompts', name), source);
    await window.openFile(`prompts/${name}`);
  };
  const status = () => window.page.locator('.statusbar-item[id="llmops-workbench.llmops-workbench.llmops.promptCost"]');

  it('ends if loops ask for a billion values, reports it, and the editor continues', async () => {
    const list = Array.from({ length: 15_000 }, (_, index) => index).join(', ');
    const source = `---\nmodel: demo/swift\ninput:\n  default:\n    n: [${list}]\n---\n{{#each n}}{{#each @root.n}}{{this}}{{/each}}{{/each}}\n`;
    await open('bomb.prompt', source);
    await status().filter({ hasText: '— tok' }).waitFor();
    await window.page.locator('.statusbar-item[id="status.problems"][aria-label*="Warnings: 1"]').waitFor();
    expect(await status().getAttribute('aria-label')).toMatch(
      /tokens not counted, with its defaults it renders too much/,
    );
    // the same extension host responds for the next file
    await open('small.prompt', '---\nmodel: demo/swift\n---\nHello\n');
    await status()
      .filter({ hasText: /≈\d+ tok/ })
      .waitFor();
  });

  it('handles front matter below a license', async () => {
    const license = '# Copyright 2026\n# SPDX-License-Identifier: Apache-2.0\n\n';
    await open('licensed.prompt', `${license}---\nmodel: demo/thorough\n---\nHello\n`);
    await window.page.locator('.codelens-decoration').getByText('demo/thorough (from the file)').waitFor();
    await status()
      .filter({ hasText: /≈\d+ tok/ })
      .waitFor();
  });
});
