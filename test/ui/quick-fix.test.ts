import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { applyCodeAction, goTo } from './quick-input.ts';
import { useWorkbench } from './workbench.ts';

const openWindow = useWorkbench();

const FILE = 'prompts/order.prompt';
const TEXT = `---
model: demo/balanced
input:
  schema:
    customer: string, who has ordered
---
{{role "user"}}
{{customer}} lives in {{city}}.
`;

test('an undeclared variable is declared with a quick fix', async () => {
  const window = await openWindow({ files: { [FILE]: TEXT } });
  const { page } = window;
  await window.openFile(FILE);
  await page.locator('.squiggly-error, .squiggly-warning').first().waitFor();
  await goTo(window, '8:27');
  await applyCodeAction(window, /^Declare/);
  await page.keyboard.press('ControlOrMeta+S');

  const saved = () => fs.readFileSync(path.join(window.workspace ?? '', FILE), 'utf8');

  await expect.poll(saved).toMatch(/^ {4}city\??: string/m);
});
