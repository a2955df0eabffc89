// How long VS Code reports that it took to load and activate the extension, in fresh windows of the real workbench.
import path from 'node:path';
import { root } from '../bed/vscode-host.mjs';
import { openBed } from '../bed/workbench.mjs';
import { median } from './figures.mjs';

const WINDOWS = 7;
const times = [];
await using bed = await openBed();
for (let count = 0; count < WINDOWS; count++) {
  const window = await bed.openWindow({
    workspace: path.join(root, 'media/sample-workspace'),
    size: { width: 1400, height: 3000 },
  });
  await window.openFile('prompts/churn-analysis.prompt');
  await window.page.locator('.codelens-decoration a').first().waitFor();
  await window.command('Developer: Show Running Extensions');
  const row = window.page
    .locator('.runtime-extensions-editor .extension')
    .filter({ hasText: 'LLMOps Workbench' })
    .first();
  await row.waitFor();
  const text = await row.textContent();
  const [, ms] = /Activation: (\d+)\s*ms/.exec(text ?? '') ?? [];
  if (ms === undefined) throw new Error(`No activation time in “${text}”`);
  times.push(Number(ms));
  await window.close();
}
console.log(`activation of each window, ms: ${times.join(' ')}`);
console.log(
  JSON.stringify({
    name: 'activation in the real host (median of 7 windows)',
    value: median(times),
    unit: 'ms',
    target: '<= 30',
  }),
);
