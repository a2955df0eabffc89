import { beforeAll, expect, test } from 'vitest';
import type { WorkbenchWindow } from '../bed/workbench.mjs';
import { answerDialog } from './quick-input.ts';
import { useWorkbench } from './workbench.ts';

const openWindow = useWorkbench();
const filesOf = (folder: string) => ({
  [`${folder}/prompts/hello.prompt`]: '---\nmodel: demo/echo\n---\nHello {{name}}.\n',
  [`${folder}/${folder}.eval.yaml`]: `prompts: [prompts/hello.prompt]
rows: [{ name: ${folder}, expected: 'Hello ${folder}.' }]
metrics: [equals]
`,
});
let window: WorkbenchWindow;

beforeAll(async () => {
  window = await openWindow({
    size: { width: 1440, height: 900 },
    workspaceFile: 'both.code-workspace',
    files: {
      ...filesOf('one'),
      ...filesOf('two'),
      'both.code-workspace': JSON.stringify({ folders: [{ path: 'one' }, { path: 'two' }] }),
    },
  });
  await window.page.getByRole('tab', { name: 'LLMOps', exact: true }).click();
});

const row = (name: RegExp) => window.page.getByRole('treeitem', { name });
const lens = (text: string) => window.page.locator('.codelens-decoration a').filter({ hasText: text }).first();
const view = () => window.webview();

async function pickAction(item: string): Promise<void> {
  await view().getByRole('button', { name: 'More Actions', exact: true }).click();
  await view().getByRole('menuitem', { name: item }).click();
}

test('the Evaluations view shows the folder of the file that is open', async () => {
  await window.openFile('two.eval.yaml');
  await row(/^evaluation two/).waitFor();
  await window.openFile('one.eval.yaml');
  await row(/^evaluation one/).waitFor();
  await row(/^evaluation two/).waitFor({ state: 'detached' });
});

test('actions of a result apply to its own folder while a file of another one is open', async () => {
  await lens('Run').click();
  await row(/^evaluation one, latest result: one, done/).waitFor();
  await window.openFile('two.eval.yaml');
  await row(/^evaluation two/).waitFor();
  const tab = window.page.getByRole('tab', { name: /^Evaluation: one/ });
  await tab.click();
  await pickAction('Pin as Baseline');
  await view().locator('h1').getByText('pinned', { exact: true }).waitFor({ state: 'attached' });
  expect(await row(/^evaluation two/).count()).toBe(1);
  await pickAction('Delete Result…');
  await answerDialog(window, 'Delete the result of one?', 'Delete');
  await view().getByText('This result was deleted.').waitFor();
});
