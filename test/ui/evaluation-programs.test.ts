import fs from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../bed/vscode-host.mjs';
import { type Bed, openBed, type WorkbenchWindow } from '../bed/workbench.mjs';
import { answerDialog, enter, pick } from './quick-input.ts';

const ANSWERS = ['oslo', 'rome'].map((city) => JSON.stringify({ id: city, city, output: city.toUpperCase() }));
let bed: Bed;
let window: WorkbenchWindow;
let origin: string;
const seen: IncomingHttpHeaders[] = [];
const server = createServer((request, response) => {
  request.resume();
  seen.push(request.headers);
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ answer: 'Hello.' }));
});

beforeAll(async () => {
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  bed = await openBed({ others: [path.join(root, 'test/fixtures/python-extension')] });
  window = await bed.openWindow({
    workspace: path.join(root, 'media/sample-workspace'),
    size: { width: 1440, height: 1000 },
    files: {
      'bin/chosen-python': `#!/bin/sh\necho "$@" >> "$(dirname "$0")/calls.txt"\nexec python3 "$@"\n`,
      'metrics/long.py': 'def score(case):\n    return len(case["output"]) > 3\n',
      'data/answers.jsonl': `${ANSWERS.join('\n')}\n`,
      'answers.eval.yaml':
        'dataset: data/answers.jsonl\nmetrics: [{ metric: python, file: metrics/long.py, scale: yes-no }]\n',
      'app.eval.yaml': `targets:
  - name: app
    http: { url: "${origin}/ask", headers: { Authorization: "Bearer \${secret:app}" }, answer: $.answer }
rows: [{ id: oslo, city: Oslo }]
metrics: [{ metric: contains, value: Hello }]
`,
    },
  });
  fs.chmodSync(path.join(window.workspace ?? '', 'bin/chosen-python'), 0o755);
  await window.page.getByRole('tab', { name: 'LLMOps', exact: true }).click();
});
afterAll(async () => {
  await bed?.close();
  server.close();
});

const row = (name: RegExp) => window.page.getByRole('treeitem', { name });

async function run(name: RegExp): Promise<void> {
  await window.command('LLMOps: Run Evaluation…');
  await pick(window, 'Run Evaluation', name);
}

test('a Python metric runs with the interpreter that is selected for the workspace', async () => {
  await run(/^answers/);
  await row(/^evaluation answers, latest result: answers, done, score 1\.00/).waitFor();
  const calls = fs.readFileSync(path.join(window.workspace ?? '', 'bin/calls.txt'), 'utf8');
  expect(calls).toContain('run_metric.py');
});

test('a missing secret of a target is asked for, and sent to its server only', async () => {
  await run(/^app/);
  const missing = window.toast(/secret app/);
  await missing.getByRole('button', { name: 'Set Secret' }).click();
  await enter(window, `Secret “app” for ${origin}`, 'sk-target-1');
  await window.toast('was stored').waitFor();
  expect(seen).toEqual([]);
  await run(/^app/);
  await window.page
    .locator('.monaco-dialog-box')
    .filter({ hasText: `Data is sent to app (${origin}).` })
    .waitFor();
  await answerDialog(window, 'Run app on 1 case?', 'Run');
  await row(/^evaluation app, latest result: app, done, score 1\.00/).waitFor();
  expect(seen.map(({ authorization }) => authorization)).toEqual(['Bearer sk-target-1']);
  const database = fs.readFileSync(path.join(window.workspace ?? '', '.llmops/llmops.db'), 'latin1');
  expect(database).not.toContain('sk-target-1');
});
