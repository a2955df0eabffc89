// Builds dist/ unless none of its inputs have changed: node test/bed/build.mjs [--force] [--watch]
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled, nodePath, root, run } from './toolchain.mjs';

const inputs = [
  'src',
  'webview',
  'test/host',
  'test/bed/join-chunks.mjs',
  'test/bed/token-ranks.mjs',
  'test/bed/trim-vertex-protos.mjs',
  'esbuild.config.mjs',
  'package-lock.json',
];
const stamp = path.join(root, 'dist/.inputs');

function* files(place) {
  const stat = fs.statSync(place, { throwIfNoEntry: false });
  if (stat?.isFile()) yield place;
  if (!stat?.isDirectory()) return;
  for (const name of fs.readdirSync(place).sort()) yield* files(path.join(place, name));
}

function hashInputs() {
  const hash = createHash('sha256');
  for (const input of inputs) {
    for (const file of files(path.join(root, input))) hash.update(`${file}\0`).update(fs.readFileSync(file));
  }
  return hash.digest('hex');
}

const readStamp = () => (fs.existsSync(stamp) ? fs.readFileSync(stamp, 'utf8') : undefined);

/** Resolves to false if dist/ was up to date. */
export async function ensureBuilt({ force = false } = {}) {
  const hash = hashInputs();
  if (!force && readStamp() === hash) return false;
  const code = await run(nodePath(), ['esbuild.config.mjs']);
  if (code !== 0) throw new Error('The build failed. See the output of esbuild above.');
  fs.writeFileSync(stamp, hash);
  return true;
}

/** Builds after every change until it is stopped; its output is not minified, so the next `ensureBuilt` builds again. */
async function watch() {
  fs.rmSync(stamp, { force: true });
  const child = spawn(nodePath(), ['esbuild.config.mjs', '--watch'], { cwd: root, stdio: 'inherit' });
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => child.kill(name));
  process.exitCode = await new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 0)));
}

async function main() {
  await ensureInstalled({ server: false });
  if (process.argv.includes('--watch')) return watch();
  const built = await ensureBuilt({ force: process.argv.includes('--force') });
  console.log(built ? 'dist/ is built' : 'dist/ is up to date');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await main();
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
