import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { WorkbenchWindow } from '../bed/workbench.mjs';
import { useWorkbench } from './workbench.ts';

const openWindow = useWorkbench();
let window: WorkbenchWindow;

beforeAll(async () => {
  window = await openWindow({
    files: {
      'app/service.py': 'GREETING_PROMPT = """Hello {name}, how are you?"""\n',
      'app/promptfooconfig.yaml':
        'prompts: ["Hi {{x}}, welcome.", file:///etc/hostname, file://../../outside.txt, file://latin.txt]\n',
    },
  });
});

test('the file in the active editor is preselected, and its prompt is written to the prompts folder', async () => {
  await window.openFile('app/service.py');
  await window.command('LLMOps: Import Prompts…');
  const dialog = window.page.locator('.quick-input-widget');
  await dialog.getByText('Import Prompts', { exact: true }).waitFor();
  await expect.poll(() => dialog.locator('input.input').inputValue()).toMatch(/app\/service\.py$/);
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();

  const file = path.join(window.workspace ?? '', 'prompts/greeting.prompt');
  await expect
    .poll(() => fs.existsSync(file) && fs.readFileSync(file, 'utf8'))
    .toContain('Hello {{name}}, how are you?');
  await window.page.getByRole('tab', { name: /greeting\.prompt/ }).waitFor();
});

test('a configuration that names files outside the workspace gets none of them, which is reported', async () => {
  fs.writeFileSync(path.join(window.workspace ?? '', 'app/latin.txt'), Buffer.from('Gr\xfc\xdfe {{x}}', 'latin1'));
  await window.openFile('app/promptfooconfig.yaml');
  await window.command('LLMOps: Import Prompts…');
  const dialog = window.page.locator('.quick-input-widget');
  await expect.poll(() => dialog.locator('input.input').inputValue()).toMatch(/app\/promptfooconfig\.yaml$/);
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();

  await window.page
    .getByText('Imported promptfooconfig.prompt. 3 items could not be imported.', { exact: true })
    .waitFor();
  const made = fs.readdirSync(path.join(window.workspace ?? '', 'prompts')).filter((name) => /config/.test(name));
  expect(made).toEqual(['promptfooconfig.prompt']);
  const text = fs.readFileSync(path.join(window.workspace ?? '', 'prompts/promptfooconfig.prompt'), 'utf8');
  expect(text.endsWith('\n---\nHi {{x}}, welcome.\n')).toBe(true);
});
