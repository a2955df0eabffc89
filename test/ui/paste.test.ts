import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { WorkbenchWindow } from '../bed/workbench.mjs';
import { goTo } from './quick-input.ts';
import { useWorkbench } from './workbench.ts';

const openWindow = useWorkbench();

const SCHEMA = 'prompts/paste.prompt';
const LOOK = 'prompts/look.prompt';
let window: WorkbenchWindow;

beforeAll(async () => {
  window = await openWindow({
    files: {
      [SCHEMA]: '---\ninput:\n  schema:\n    \n---\nHi {{plan}}\n',
      [LOOK]: 'Look:\n\n',
      'prompts/dot.png': 'not looked at',
    },
  });
});

const save = async (file: string) => {
  await window.page.keyboard.press('ControlOrMeta+S');
  return () => fs.readFileSync(path.join(window.workspace ?? '', file), 'utf8');
};

/** Text pasted before the extension is active is unchanged: the tokens in the status bar show that it is active. */
const ready = () =>
  window.page
    .locator('.statusbar-item')
    .filter({ hasText: /≈\d+ tok/ })
    .waitFor();

test('a JSON example pasted under a schema becomes Picoschema', async () => {
  await window.openFile(SCHEMA);
  await ready();
  await goTo(window, '4:5');
  await window.page.evaluate(() => navigator.clipboard.writeText('{"plan": "Gold", "age": 42}'));
  await window.page.keyboard.press('ControlOrMeta+V');
  await window.page.locator('.view-lines').getByText('age: integer').first().waitFor();

  const read = await save(SCHEMA);

  await expect.poll(read).toBe('---\ninput:\n  schema:\n    plan: string\n    age: integer\n---\nHi {{plan}}\n');
});

test('a picture that is copied in the explorer and pasted into a prompt becomes media', async () => {
  await window.openFile(LOOK);
  await ready();
  await window.page.getByRole('treeitem', { name: 'dot.png' }).click();
  await window.page.keyboard.press('ControlOrMeta+C');
  await window.openFile(LOOK);
  await goTo(window, '2:1');
  await window.page.keyboard.press('ControlOrMeta+V');
  await window.page.locator('.view-lines').getByText('media', { exact: true }).first().waitFor();

  const read = await save(LOOK);

  await expect.poll(read).toContain('{{media url="dot.png"}}');
});
