// npm run test:electron: the host suite inside desktop VS Code, which @vscode/test-electron downloads.
//   --executable=PATH   an installed VS Code (also VSCODE_EXECUTABLE)
//   --version=1.120.0   another release than the newest; `oldest` is the oldest that package.json allows
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureInstalled, root, underProjectNode } from './toolchain.mjs';

const { values } = parseArgs({
  options: {
    executable: { type: 'string', default: process.env.VSCODE_EXECUTABLE },
    version: { type: 'string', default: 'stable' },
  },
});

function resolveVersion(version) {
  if (version !== 'oldest') return version;
  const { engines } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
  return engines.vscode.replace(/^\D+/, '');
}

/** Short paths: VS Code's socket is in the user data folder and must stay below 104 characters on macOS. */
async function runHostSuite(folder) {
  const { runTests } = await import('@vscode/test-electron');
  const { hostExtensions } = await import('./vscode-host.mjs');
  const workspace = path.join(folder, 'workspace');
  fs.cpSync(path.join(root, 'media/sample-workspace'), workspace, { recursive: true }); // tests may write to it
  return runTests({
    ...(values.executable && { vscodeExecutablePath: path.resolve(values.executable) }),
    version: resolveVersion(values.version),
    extensionDevelopmentPath: hostExtensions,
    extensionTestsPath: path.join(root, 'dist/test-host/run.js'),
    launchArgs: [
      workspace,
      '--disable-extensions',
      '--disable-workspace-trust',
      `--user-data-dir=${path.join(folder, 'user')}`,
      `--extensions-dir=${path.join(folder, 'extensions')}`,
    ],
    extensionTestsEnv: { VSCODE_TEST_COUNTS: path.join(folder, 'counts.json') },
  });
}

async function main() {
  await ensureInstalled({ server: false });
  await underProjectNode(fileURLToPath(import.meta.url));
  const { ensureBuilt } = await import('./build.mjs');
  await ensureBuilt();
  const folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'llm-'));
  try {
    const code = await runHostSuite(folder);
    const { passed, failed } = JSON.parse(fs.readFileSync(path.join(folder, 'counts.json'), 'utf8'));
    console.log(`${passed} passed, ${failed} failed`);
    return code;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

try {
  process.exit(await main());
} catch (error) {
  console.error(`\n${error.message ?? error}`);
  process.exit(1);
}
