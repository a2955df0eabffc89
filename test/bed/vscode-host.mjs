// Starts a private code-server (a real VS Code server with the real web workbench) and opens windows of it.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { nodePath, root } from './toolchain.mjs';

export { launchBrowser } from './browser.mjs';
export { root } from './toolchain.mjs';

const codeServer = path.join(root, 'node_modules/code-server/out/node/entry.js');

/** Settings of every window: no network, no tips, no welcome page, so that a test sees only what it opened. */
export const quietSettings = {
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'workbench.enableExperiments': false,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'security.workspace.trust.enabled': false,
  'chat.disableAIFeatures': true,
  'git.openRepositoryInParentFolders': 'never',
};

/** Names of the built-in themes that tests and screenshots use. */
export const themes = {
  light: 'Default Light Modern',
  dark: 'Default Dark Modern',
  'high-contrast': 'Default High Contrast',
  'high-contrast-light': 'Default High Contrast Light',
};

/** The extensions of the host suite: ours, and others with a model, the language's name and a view. */
export const hostExtensions = [
  root,
  ...['model-extension', 'grammar-extension', 'view-extension'].map((name) => path.join(root, 'test/fixtures', name)),
];

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** A temporary home for one server. Kept short: the path of a unix socket inside it must stay below 108 characters. */
export function scratch(settings = {}) {
  // the real path: macOS's temporary folder is a link, and VS Code compares paths as text
  const dir = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'llm-'));
  fs.mkdirSync(path.join(dir, 'user/User'), { recursive: true });
  fs.mkdirSync(path.join(dir, 'extensions'));
  writeSettings(dir, settings);
  fs.writeFileSync(path.join(dir, 'config.yaml'), ''); // otherwise code-server writes one into ~/.config
  return dir;
}

export function removeScratch(dir) {
  fs.rmSync(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

/** Replaces the user settings of the server; open windows follow. */
export function writeSettings(dir, settings) {
  fs.writeFileSync(
    path.join(dir, 'user/User/settings.json'),
    JSON.stringify({ ...quietSettings, ...settings }, null, 2),
  );
}

const homeArgs = (dir) => [
  ...['--config', path.join(dir, 'config.yaml')],
  ...['--user-data-dir', path.join(dir, 'user')],
  ...['--extensions-dir', path.join(dir, 'extensions')],
];

function environment(dir, extra = {}) {
  const home = { XDG_CONFIG_HOME: dir, XDG_DATA_HOME: dir, XDG_CACHE_HOME: dir };
  const env = { EXTENSIONS_GALLERY: '{}', ...process.env, ...home, ...extra };
  for (const key of Object.keys(env)) {
    if (/^(VSCODE_(?!TEST_)|CODE_SERVER_|ELECTRON_|PASSWORD$|PORT$)/.test(key)) delete env[key];
  }
  return env;
}

/** Installs a package into the server's home like a user's `Install from VSIX…`. */
export function installVsix(dir, vsix) {
  return new Promise((resolve, reject) => {
    const args = [codeServer, ...homeArgs(dir), '--install-extension', vsix, '--force'];
    const child = spawn(nodePath(), args, { env: environment(dir), stdio: ['ignore', 'pipe', 'pipe'] });
    let log = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (log += chunk));
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`Installing ${vsix} failed:\n${log}`))));
  });
}

/** Makes an extension folder an installed extension without packaging it; unlike one in development it shows toasts. */
export function linkExtension(dir, folder = root) {
  const { publisher, name, version } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  fs.symlinkSync(folder, path.join(dir, 'extensions', `${publisher}.${name}-${version}`), 'junction');
}

/** Ends the server and its children: `detached` made it the leader of its own process group. */
function createStop(child) {
  let exited = false;
  child.on('exit', () => (exited = true));
  const signal = (name) => {
    try {
      if (process.platform === 'win32') child.kill();
      else process.kill(-child.pid, name);
    } catch {
      // already gone
    }
  };
  const kill = () => signal('SIGKILL');
  process.once('exit', kill); // in case the runner ends early: leave nothing behind
  const stop = async () => {
    signal('SIGTERM');
    for (let i = 0; i < 30 && !exited; i++) await sleep(100);
    kill();
    process.off('exit', kill);
  };
  return { stop, hasExited: () => exited };
}

/**
 * `driver` turns VS Code's smoke-test switch on: without it a built VS Code ignores extensionDevelopmentPath and
 * extensionTestsPath in the URL; with it notifications are never shown as toasts (only in the notification center).
 * `trust` leaves workspace trust to the settings, so that a window can be untrusted. The extension host of a window whose
 * connection was lost ends after `graceSeconds`, three hours by default: a page that is closed on a busy machine may not
 * get to say so.
 */
export async function startServer(dir, { driver = false, trust = false, env = {}, port: wanted, graceSeconds } = {}) {
  const port = wanted ?? (await freePort());
  const started = performance.now();
  const args = [
    codeServer,
    ...['--auth', 'none', '--bind-addr', `127.0.0.1:${port}`],
    ...homeArgs(dir),
    ...['--disable-telemetry', '--disable-update-check'],
    ...(trust ? [] : ['--disable-workspace-trust']),
    ...['--disable-getting-started-override', '--ignore-last-opened'],
    ...(graceSeconds ? ['--reconnection-grace-time', String(graceSeconds)] : []),
    ...(driver ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
  ];
  const child = spawn(nodePath(), args, {
    env: environment(dir, env),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (log += chunk));
  const { stop, hasExited } = createStop(child);
  for (;;) {
    if (hasExited()) throw new Error(`code-server exited early:\n${log}`);
    if (performance.now() - started > 60_000) {
      await stop();
      throw new Error(`code-server did not respond:\n${log}`);
    }
    const answered = await fetch(`http://127.0.0.1:${port}/healthz`).then(
      (response) => response.ok,
      () => false,
    );
    if (answered) break;
    await sleep(50);
  }
  return { port, pid: child.pid, readyMs: Math.round(performance.now() - started), log: () => log, stop };
}

/** The address of a folder's window, the same before and after a reload. */
export function folderUrl(port, folder) {
  const url = new URL(`http://127.0.0.1:${port}/`);
  url.searchParams.set('folder', folder);
  return url.href;
}

/** The workbench URL; payload entries whose value is an absolute path become vscode-remote URIs. */
export function workbenchUrl(port, { folder, payload = {} } = {}) {
  const pairs = Object.entries({ skipWelcome: 'true', skipReleaseNotes: 'true', ...payload }).map(([key, value]) => [
    key,
    path.isAbsolute(value) ? `vscode-remote://127.0.0.1:${port}${value}` : value,
  ]);
  const url = new URL(`http://127.0.0.1:${port}/`);
  // VS Code's own names: a file with several folders is a workspace
  if (folder) url.searchParams.set(folder.endsWith('.code-workspace') ? 'workspace' : 'folder', folder);
  else url.searchParams.set('ew', 'true');
  url.searchParams.set('payload', JSON.stringify(pairs));
  return url.href;
}
