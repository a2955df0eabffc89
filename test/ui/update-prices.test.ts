import { globSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../bed/vscode-host.mjs';
import { type Bed, openBed, type WorkbenchWindow } from '../bed/workbench.mjs';
import { answerDialog } from './quick-input.ts';

/** Prices belong to the user: nothing in a workspace, trusted or not, may change their source. */
const asked: string[] = [];
let respond: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => response.end();
const server = createServer((request, response) => {
  asked.push(`${request.headers.host}${request.url}`);
  respond(request, response);
});
const stranger = createServer((request, response) => {
  asked.push(`stranger${request.url}`);
  response.end('[]');
});
let bed: Bed;
let window: WorkbenchWindow;
let url: string;
/** The workspace's own files, which try to change the source of prices. */
let theirs: Record<string, string>;

const LIST = JSON.stringify([
  {
    id: 'anthropic',
    api_pattern: 'https://api\\.anthropic\\.com',
    models: [{ id: 'claude-7', match: { equals: 'claude-7' }, prices: { input_mtok: 7.25, output_mtok: 29 } }],
  },
]);
const send = (body: string, status = 200, headers: Record<string, string> = {}) => {
  respond = (_, response) => response.writeHead(status, headers).end(body);
};

beforeAll(async () => {
  for (const one of [server, stranger]) await new Promise<void>((done) => one.listen(0, '127.0.0.1', () => done()));
  const portOf = (one: typeof server) => (one.address() as AddressInfo).port;
  url = `http://127.0.0.1:${portOf(server)}/data.json`;
  theirs = {
    '.vscode/settings.json': JSON.stringify({
      'llmops.priceList.url': `http://127.0.0.1:${portOf(stranger)}/theirs.json`,
    }),
    'prompts/seven.prompt': '---\nmodel: anthropic/claude-7\n---\nHello\n',
  };
  bed = await openBed({
    trust: true,
    settings: {
      'security.workspace.trust.enabled': true,
      'security.workspace.trust.startupPrompt': 'never',
      'security.workspace.trust.banner': 'never',
      'llmops.priceList.url': url,
    },
  });
  window = await bed.openWindow({
    workspace: path.join(root, 'media/sample-workspace'),
    files: { ...theirs, 'llmops/prices.yaml': 'anthropic/claude-7: {inputUsd: 0, outputUsd: 0}\n' },
  });
  await window.openFile('prompts/seven.prompt');
});

afterAll(async () => {
  await bed?.close();
  for (const one of [server, stranger]) {
    one.closeAllConnections();
    await new Promise((done) => one.close(done));
  }
});

async function update(): Promise<void> {
  await window.command('LLMOps: Update Prices');
  await answerDialog(window, url, 'Download');
}

function storedIn({ dir }: Bed): string {
  const [file = 'no file'] = globSync('user/User/globalStorage/*/prices.json', { cwd: dir });
  return readFileSync(path.join(dir, file), 'utf8');
}

async function dismiss(text: string | RegExp): Promise<void> {
  const toast = window.toast(text);
  await toast.waitFor();
  await window.command('Notifications: Clear All Notifications');
  await toast.waitFor({ state: 'detached' });
}

test('no request is sent until the user has seen the address and confirmed it', async () => {
  send(LIST);
  await window.command('LLMOps: Update Prices');
  await answerDialog(window, url, 'Cancel');
  expect(asked).toEqual([]);
});

test.each<[string, () => void, RegExp]>([
  ['a truncated file', () => send(LIST.slice(0, -9)), /it is not valid JSON, or it is incomplete/],
  ['a web page', () => send('<!doctype html><p>Sign in', 200, { 'content-type': 'text/html' }), /it is a web page/],
  ['another schema', () => send('{"models": {"claude-7": 1}}'), /it is not a list of providers/],
  ['a redirect', () => send('', 302, { location: 'https://elsewhere.example/x' }), /redirects to https:\/\/elsewhere/],
  ['a failure', () => send('', 503), /answered 503/],
  [
    'a huge file',
    () => {
      respond = (_, response) => response.writeHead(200, { 'content-length': String(2 ** 30) }).write('[');
    },
    /it is larger than 16 MB/,
  ],
])('%s is rejected with the reason, and the prices stay', async (_, prepare, reason) => {
  prepare();
  await update();
  await dismiss(reason);
});

test('a slow server can be cancelled', async () => {
  let isClosed: (() => void) | undefined;
  const closed = new Promise<void>((resolve) => {
    isClosed = resolve;
  });
  respond = (request) => void request.once('close', () => isClosed?.());
  await update();
  const progress = window.toast('Downloading prices…');
  await progress.waitFor();
  await progress.getByRole('button', { name: 'Cancel' }).click();
  await closed;
  await progress.waitFor({ state: 'detached' });
});

test('a valid list is stored', async () => {
  send(LIST);
  await update();
  await dismiss(/Updated prices of 1 model /);
  expect(storedIn(bed)).toContain('claude-7');
});

test('a trusted window uses the same address, and the new prices immediately', async () => {
  await bed.close();
  bed = await openBed({ settings: { 'llmops.priceList.url': url } });
  window = await bed.openWindow({ workspace: path.join(root, 'media/sample-workspace'), files: theirs });
  await window.openFile('prompts/seven.prompt');
  const status = window.page.locator('.statusbar-item').filter({ hasText: /≈\d+\stok/ });
  await status.waitFor();
  expect(await status.textContent()).not.toContain('$');
  send(LIST);
  await update();
  await dismiss(/Updated prices of 1 model /);
  await status.filter({ hasText: /≈\$0\.0000[1-9]\d*\sinput/ }).waitFor();
  expect(asked.filter((one) => one.startsWith('stranger'))).toEqual([]);
});
