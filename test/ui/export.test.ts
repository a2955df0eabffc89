import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { WorkbenchWindow } from '../bed/workbench.mjs';
import { enter, pick, titled } from './quick-input.ts';
import { useWorkbench } from './workbench.ts';

const openWindow = useWorkbench();
const FILE = 'prompts/hello.prompt';
const TEXT = `---
model: openai/gpt-5-mini
input:
  schema:
    name: string, whom to greet
  default:
    name: Ana
---
{{role "user"}}
Hello {{name}}
`;
const ON_DEMO = TEXT.replace('openai/gpt-5-mini', 'demo/swift');
let window: WorkbenchWindow;

beforeAll(async () => {
  window = await openWindow({ files: { [FILE]: TEXT, 'prompts/demo.prompt': ON_DEMO } });
  await window.openFile(FILE);
});

const clipboard = () => window.page.evaluate(() => navigator.clipboard.readText());

async function exportAs(form: string | RegExp, where: 'Copy' | 'Save to File…'): Promise<void> {
  await window.command('LLMOps: Copy or Save Prompt as Code…');
  await pick(window, 'Copy or Save Prompt as Code', form);
  await pick(window, 'Copy or Save Prompt as Code', where);
}

test.for([
  { form: /^Python.*contains the request/, holds: ['from openai import OpenAI', 'name'] },
  { form: /^TypeScript.*contains the request/, holds: ["from 'openai'", 'name'] },
  { form: 'curl', holds: ['curl', 'Hello Ana', '$OPENAI_API_KEY'] },
])('a prompt is copied as $form', async ({ form, holds }) => {
  await window.page.evaluate(() => navigator.clipboard.writeText('nothing yet'));

  await exportAs(form, 'Copy');

  await expect.poll(clipboard).not.toBe('nothing yet');
  for (const text of holds) expect(await clipboard()).toContain(text);
});

test('a prompt is saved as a program that reads the file, and opens', async () => {
  await exportAs('Python, Reading the File', 'Save to File…');
  const place = window.page.locator('.quick-input-widget input.input');
  await expect.poll(() => place.inputValue()).toMatch(/prompts.hello\.py$/);
  await place.press('Enter');
  await window.page.locator('.tab.active').filter({ hasText: 'hello.py' }).waitFor();

  expect(fs.readFileSync(path.join(window.workspace ?? '', 'prompts/hello.py'), 'utf8')).toContain('hello.prompt');
});

test('a demo model has no API: the code needs another model, and an invalid one is rejected', async () => {
  const title = 'demo/swift has no API: select a model for the code';
  await window.openFile('prompts/demo.prompt');
  await window.command('LLMOps: Copy or Save Prompt as Code…');
  await titled(window, title);
  await window.page.locator('.quick-input-widget input.input').fill('demo/thorough');
  await window.page.locator('.quick-input-message').getByText('Enter connection/model, such as').waitFor();
  await enter(window, title, 'anthropic/claude-sonnet-4-5');
  await pick(window, 'Copy or Save Prompt as Code', /^Python.*contains the request/);
  await pick(window, 'Copy or Save Prompt as Code', 'Copy');

  await expect.poll(clipboard).toContain('from anthropic import Anthropic');
});
