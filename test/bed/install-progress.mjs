// Runs npm and shows its progress, which npm itself does not report. Only Node's own modules, and only what Node 18 has.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The packages of a lockfile by path, `node_modules/yaml`; undefined if the file cannot be read. */
export function readLock(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
  } catch {
    return undefined;
  }
}

/** A lockfile contains a list or a single name. */
const admits = (names, value) => !names || [names].flat().some((name) => name === value || isOther(name, value));

/** `!win32` allows every other system. */
const isOther = (name, value) => name.startsWith('!') && name !== `!${value}`;

/** True for a package that npm installs on this machine. */
export function isForThisMachine({ os, cpu, libc }) {
  const own = existsSync('/etc/alpine-release') ? 'musl' : 'glibc';
  return admits(os, process.platform) && admits(cpu, process.arch) && admits(libc, own);
}

/** The paths at which the lockfile of a folder installs its packages. */
function wantedPlaces(folder, { dev }) {
  const lock = ['package-lock.json', 'npm-shrinkwrap.json'].map((name) => readLock(path.join(folder, name)));
  return Object.entries(lock.find(Boolean) ?? {}).flatMap(([place, entry]) => {
    const isWanted = place !== '' && !entry.link && (dev || !entry.dev) && isForThisMachine(entry);
    return isWanted ? [path.join(folder, place, 'package.json')] : [];
  });
}

/** `12 s, 214 of 601 packages`: a package is counted once it is installed. */
function describeProgress(files, began) {
  const done = files.filter((file) => existsSync(file)).length;
  const seconds = `${Math.round((performance.now() - began) / 1000)} s`;
  const count = (number) => number.toLocaleString('en-US');
  if (files.length === 0) return `${seconds}, npm is working`;
  if (done === 0)
    return `${seconds}, npm is resolving ${count(files.length)} ${files.length === 1 ? 'package' : 'packages'}`;
  if (done >= files.length) return `${seconds}, all ${count(done)} packages are installed, npm is finishing up`;
  return `${seconds}, ${count(done)} of ${count(files.length)} packages`;
}

const REDRAW_MS = 500;
const LINE_MS = 5000;
const CLEAR_LINE = '\r\u001b[2K';

/** Rewrites one line on a terminal; otherwise, in a log, appends a line now and then. */
function showProgress(describe, { out, env, everyMs }) {
  const isTerminal = out.isTTY && !env.CI && env.TERM !== 'dumb';
  const draw = () => out.write(`${CLEAR_LINE}  ${describe()}`.slice(0, (out.columns ?? 80) + CLEAR_LINE.length - 1));
  const add = () => out.write(`  ${describe()}\n`);
  if (isTerminal) draw();
  const timer = setInterval(isTerminal ? draw : add, everyMs ?? (isTerminal ? REDRAW_MS : LINE_MS));
  return {
    /** Prints npm's output above the line. */
    print(text) {
      if (isTerminal) out.write(CLEAR_LINE);
      out.write(text);
    },
    end() {
      clearInterval(timer);
      if (isTerminal) out.write(CLEAR_LINE);
    },
  };
}

/** npm as the caller ran it, with a given Node: an old npm may not support a new one. */
function startNpm(args, { cwd, node, env }) {
  const script = process.env.npm_execpath;
  const options = { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] };
  if (script && /npm-cli\.c?js$/.test(script)) return spawn(node, [script, ...args], options);
  return spawn('npm', args, { ...options, shell: process.platform === 'win32' });
}

/**
 * Runs npm in a folder until it ends, with its progress and its output. Rejects with the next step if it fails.
 * `everyMs` is how often the progress is shown.
 */
export async function runNpm(args, { cwd, node = process.execPath, env = process.env, out = process.stdout, everyMs }) {
  const began = performance.now();
  const files = wantedPlaces(cwd, { dev: !args.includes('--omit=dev') });
  const progress = showProgress(() => describeProgress(files, began), { out, env, everyMs });
  const said = [];
  try {
    const flags = ['--ignore-scripts', '--no-fund', '--no-audit', '--no-progress', '--loglevel=error'];
    const child = startNpm([...args, ...flags], { cwd, node, env });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => said.push(text));
      stream.on('data', progress.print);
    }
    const [code, signal] = await new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (...how) => resolve(how));
    });
    if (signal) throw new Error(`npm ${args.join(' ')} was stopped (${signal}). Run this command again.`);
    if (code === 0) return;
    const why = said.join('').trim() ? 'See its output above' : `It exited with code ${code} and printed nothing`;
    throw new Error(`npm ${args.join(' ')} failed in ${cwd}. ${why}; fix the cause and run this command again.`);
  } finally {
    progress.end();
  }
}
