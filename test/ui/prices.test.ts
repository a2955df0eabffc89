import fs from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { WorkbenchWindow } from '../bed/workbench.mjs';
import { type ChatServer, startChatServer } from './chat-server.ts';
import { answerDialog, waitForNoSquiggles } from './quick-input.ts';
import { useWorkbench } from './workbench.ts';

const openWindow = useWorkbench();
let models: ChatServer;
let list: Server;
let requests = 0;
let window: WorkbenchWindow;

// One window: the prices of a server's models, from the workspace's file to a fetched list.
beforeAll(async () => {
  models = await startChatServer();
  const pattern = new URL(models.url).origin.replaceAll('.', '\\.');
  list = createServer((_, response) => {
    requests += 1;
    const entry = { id: 'echo-1', match: { equals: 'echo-1' }, prices: { input_mtok: 3, output_mtok: 12 } };
    response.end(JSON.stringify([{ id: 'own', api_pattern: pattern, models: [entry] }]));
  });
  await new Promise<void>((resolve) => list.listen(0, '127.0.0.1', resolve));
  window = await openWindow({
    size: { width: 1600, height: 1400 },
    settings: { 'llmops.priceList.url': `http://127.0.0.1:${(list.address() as AddressInfo).port}/data.json` },
    files: {
      'llmops/connections.yaml': `local:\n  type: openai-compatible\n  baseUrl: ${models.url}\n`,
      'llmops/prices.yaml': 'local/echo-2:\n  inputUsd: cheap\n',
    },
  });
  await window.page.getByRole('tab', { name: 'LLMOps', exact: true }).click();
});
afterAll(() => {
  models?.stop();
  list?.close();
});

const row = (name: string | RegExp) => window.page.getByRole('treeitem', { name });

test('an error in llmops/prices.yaml is marked in the editor and shown in the Models view', async () => {
  await row(/"inputUsd" must be a number/).waitFor();
  await row(/^Connection local, /).click();
  await row(/^Model local\/echo-2/).waitFor();
  await window.openFile('llmops/prices.yaml');
  await window.page.locator('.squiggly-error').first().waitFor();
});

test('a change of the file applies immediately', async () => {
  const file = path.join(window.workspace ?? '', 'llmops/prices.yaml');
  fs.writeFileSync(file, 'local/echo-2:\n  inputUsd: 7\n  outputUsd: 8\n');
  await row(/^Model local\/echo-2, .*\$7\.00 in, \$8\.00 out per million/).waitFor();
  await waitForNoSquiggles(window, 'error');
  expect(await row(/"inputUsd" must be a number/).count()).toBe(0);
});

test('Update Prices shows the address before it sends a request, and the new prices apply immediately', async () => {
  await window.command('LLMOps: Update Prices');
  const dialog = window.page.locator('.monaco-dialog-box');
  await dialog.filter({ hasText: /From http:\/\/127\.0\.0\.1:\d+\/data\.json/ }).waitFor();
  await dialog.filter({ hasText: 'Nothing about this workspace is sent.' }).waitFor();
  expect(requests).toBe(0);
  await answerDialog(window, 'Download model prices?', 'Download');
  await window.toast(/Updated prices of 1 model /).waitFor();
  expect(requests).toBe(1);
  await row(/^Model local\/echo-1, .*\$3\.00 in, \$12\.00 out per million/).waitFor();
});
