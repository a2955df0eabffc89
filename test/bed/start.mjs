// npm start: from a fresh clone to the sample workspace open in VS Code with the extension loaded.
//   --no-open      serve VS Code in the browser, open nothing
//   --browser      use the browser even where `code` is on PATH
//   --port=8080    the port to serve on
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createSteps, ensureInstalled, root, underProjectNode } from './toolchain.mjs';

const { values } = parseArgs({
  options: { 'no-open': { type: 'boolean' }, browser: { type: 'boolean' }, port: { type: 'string' } },
});
const steps = createSteps();

/** Opens a prompt and the walkthrough, once per workspace: after a reload VS Code itself restores what is open. */
const startExtension = path.join(root, 'test/bed/start-extension');

/** Resolves when the user ends it, with Ctrl-C or by closing the terminal. */
const interrupted = new Promise((resolve) => {
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => resolve(name));
});

function openAddress(url) {
  const [command, args] =
    process.platform === 'darwin'
      ? ['open', [url]]
      : process.platform === 'win32'
        ? ['rundll32', ['url.dll,FileProtocolHandler', url]]
        : ['xdg-open', [url]];
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  child.on('error', () => {}); // no desktop: the address is printed
  child.unref();
}

/** True if the desktop's VS Code opened the workspace. */
function openDesktop(workspace) {
  const loaded = [root, startExtension].map((folder) => `--extensionDevelopmentPath=${folder}`);
  const args = ['--new-window', ...loaded, workspace];
  const windows = process.platform === 'win32';
  const quoted = windows ? args.map((arg) => `"${arg}"`) : args;
  return spawnSync('code', quoted, { shell: windows, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
}

async function serve(dir, workspace) {
  const { linkExtension, startServer, folderUrl } = await import('./vscode-host.mjs');
  steps.next('Starting VS Code in the browser');
  linkExtension(dir);
  linkExtension(dir, startExtension);
  const server = await startServer(dir, { port: values.port && Number(values.port) });
  steps.end();
  const url = folderUrl(server.port, workspace);
  console.log(`\nLLMOps Workbench is running at\n\n  ${url}\n\nPress Ctrl-C to stop it.`);
  if (!values['no-open']) openAddress(url);
  await interrupted;
  console.log('\nStopping.');
  await server.stop();
}

async function main() {
  await ensureInstalled({ steps });
  await underProjectNode(fileURLToPath(import.meta.url));
  const { ensureBuilt } = await import('./build.mjs');
  const { removeScratch, scratch } = await import('./vscode-host.mjs');
  const { createSampleWorkspace } = await import('./sample.mjs');

  steps.next('Building');
  await ensureBuilt();
  steps.next('Creating the sample workspace with its history and runs');
  const dir = scratch();
  const desktop = !values['no-open'] && !values.browser;
  // created in its final place: its runs contain the paths of their prompts
  const kept = desktop ? fs.mkdtempSync(path.join(os.tmpdir(), 'llmops-sample-')) : dir;
  const workspace = path.join(kept, 'sample-workspace');
  const problem = await createSampleWorkspace(workspace);
  if (problem) console.log(`  incomplete history: ${problem}`);
  steps.end();

  if (desktop && openDesktop(workspace)) {
    removeScratch(dir);
    console.log(`\nVS Code has opened ${workspace}. It is a copy: delete it when you are done.`);
    return;
  }
  try {
    await serve(dir, workspace);
  } finally {
    removeScratch(dir);
    fs.rmSync(kept, { recursive: true, force: true });
  }
}

try {
  await main();
  process.exit(0);
} catch (error) {
  console.error(`\n${error.message ?? error}`);
  process.exit(1);
}
