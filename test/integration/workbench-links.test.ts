import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { diskFiles } from '../../src/core/base/files/disk-files.ts';
import { DEFAULT_SETTINGS } from '../../src/core/base/settings.ts';
import { createWorkbench, type Workbench } from '../../src/core/workbench.ts';

let base: string;
let workbench: Workbench;
const inBase = (name: string) => path.join(base, name);

beforeEach(() => {
  base = realpathSync(mkdtempSync(path.join(tmpdir(), 'llmops-links-')));
  mkdirSync(inBase('work'));
  mkdirSync(inBase('other'));
  writeFileSync(inBase('other/secret.prompt'), 'hunter2');
  symlinkSync('../other/secret.prompt', inBase('work/link.prompt'));
  symlinkSync('secret.prompt', inBase('other/own-link.prompt'));
  workbench = createWorkbench({
    folder: inBase('work'),
    trusted: () => true,
    settings: () => DEFAULT_SETTINGS,
    files: diskFiles,
    log: { debug() {}, info() {}, warn() {}, error() {} },
    now: Date.now,
    network: () => Promise.reject(new Error('no network')),
    storeWorkerUrl: new URL('file:///none'),
    windowId: 'test',
    record: false,
  });
});
afterEach(async () => {
  await workbench.dispose();
  rmSync(base, { recursive: true, force: true });
});

it('loads no prompt of the workspace that links outside, not even with the text of an editor', async () => {
  const refusal = { code: 'outside-workspace', target: inBase('other/secret.prompt') };
  await expect(workbench.prompts.load(inBase('work/link.prompt'))).rejects.toMatchObject(refusal);
  await expect(workbench.prompts.load(inBase('work/link.prompt'), 'hunter2')).rejects.toMatchObject(refusal);
});

it('loads the text of a prompt that is not saved yet', async () => {
  expect((await workbench.prompts.load(inBase('work/new.prompt'), 'Hello')).prompt.template.text).toBe('Hello');
  expect((await workbench.prompts.load('untitled:Untitled-1', 'Hello')).prompt.template.text).toBe('Hello');
});

it('loads a prompt outside the workspace that the user named, also by a link', async () => {
  for (const name of ['other/secret.prompt', 'other/own-link.prompt']) {
    expect((await workbench.prompts.load(inBase(name))).prompt.template.text).toBe('hunter2');
  }
});
