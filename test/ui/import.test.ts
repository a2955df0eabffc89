import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { useWorkbench } from './workbench.ts';

const openWindow = useWorkbench();

test('the file in the active editor is preselected, and its prompt goes into the prompts folder', async () => {
  const window = await openWindow({
    files: { 'app/service.py': 'GREETING_PROMPT = """Hello {name}, how are you?"""\n' },
  });
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
