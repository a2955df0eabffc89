import { expect, test } from 'vitest';
import { openCompare } from './compare-page.ts';
import { useWorkbench } from './workbench.ts';

const openWindow = useWorkbench();

test('if the history cannot be saved, the runs of this window are still listed', async () => {
  // a file in place of the history's folder
  const window = await openWindow({ files: { '.llmops': 'not a folder' } });
  const compare = await openCompare(window, 'prompts/churn-analysis.prompt');
  await compare.runColumn('demo/swift');
  await window.page.getByRole('tab', { name: 'LLMOps', exact: true }).click();
  await window.page.getByRole('treeitem', { name: /^churn-analysis, done, demo\/swift/ }).waitFor();
  const spent = window.page.locator('.statusbar-item').filter({ hasText: '$0 today' });
  await expect.poll(() => spent.count()).toBe(1);
});
