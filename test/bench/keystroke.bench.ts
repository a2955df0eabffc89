// From a key press to the diagnostics that it changes, in the real extension host: the delay of a squiggle.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { root } from '../bed/vscode-host.mjs';
import { largePrompt, partialsOfLarge } from './large-prompt.ts';

const folder = await mkdtemp(path.join(os.tmpdir(), 'keystroke-bench-'));
try {
  await writeFile(path.join(folder, 'large.prompt'), largePrompt());
  for (const [name, text] of partialsOfLarge()) await writeFile(path.join(folder, name), text);
  // VS Code in the browser saves after a second: slowly typed letters would be in the file, and each save is extra work
  await mkdir(path.join(folder, '.vscode'));
  await writeFile(path.join(folder, '.vscode/settings.json'), JSON.stringify({ 'files.autoSave': 'off' }));
  const suite = path.join(root, 'test/bench/keystroke-host.cjs');
  const args = [path.join(root, 'test/bed/run-in-vscode.mjs'), `--extensionTestsPath=${suite}`, folder];
  const child = spawn(process.execPath, args, { stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  process.exitCode = Number(code ?? 1);
} finally {
  await rm(folder, { recursive: true, force: true });
}
