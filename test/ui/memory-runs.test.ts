import { expect, test } from 'vitest';
import { openCompare } from './compare-page.ts';
import { useWorkbench } from './workbench.ts';

const openWindow = useWorkbench();

test('where the history cannot be saved, the runs of this window are listed all the same', async () => {
  // a file where the folder of the history belongs
  const window = await openWindow({ files: { '.llmops': 'not a folder' } });
  const compare = await openCompare(window, 'prompts/churn-analysis.prompt');
  await compare.runColumn('demo/swift');
  await window.page.getByRole('tab', { name: 'LLMOps', exact: true }).click();
  await window.page.getByRole('treeitem', { name: /^churn-analysis, done, demo\/swift/ }).waitFor();
  const spent = window.page.locator('.statusbar-item').filter({ hasText: '$0 today' });
  await expect.poll(() => spent.count()).toBe(1);
});
