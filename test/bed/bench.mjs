// npm run bench: runs every test/bench/*.bench.{ts,mjs}, one after another, and prints one table.
//   npm run bench -- store   only the files whose name contains `store`
// A bench prints JSON lines: { name, value, unit, target? }, with a target such as `<= 30`. Its other lines are shown.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled, nodePath, root, underProjectNode } from './toolchain.mjs';

const folder = path.join(root, 'test/bench');

function findBenches(wanted) {
  const files = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  const benches = files.filter((file) => /\.bench\.(ts|mjs)$/.test(file)).sort();
  return wanted.length === 0 ? benches : benches.filter((file) => wanted.some((part) => file.includes(part)));
}

function parseFigure(line) {
  if (!line.startsWith('{')) return undefined;
  try {
    const figure = JSON.parse(line);
    return typeof figure.name === 'string' && 'value' in figure ? figure : undefined;
  } catch {
    return undefined;
  }
}

/** Runs one file in a separate process; resolves to its figures and its exit code. */
function runBench(file) {
  return new Promise((resolve, reject) => {
    const child = spawn(nodePath(), ['--expose-gc', '--no-warnings', path.join(folder, file)], {
      cwd: root,
      // a bench measures how long something takes: on a busy machine it goes on where a test would fail
      env: { ...process.env, TEST_PAGE_TIMEOUT_MS: '180000' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const figures = [];
    let rest = '';
    const take = (line) => {
      const figure = parseFigure(line);
      if (figure) figures.push(figure);
      else if (line) console.log(`  ${line}`);
    };
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop();
      lines.forEach(take);
    });
    child.on('error', reject).on('close', (code) => {
      take(rest);
      resolve({ file, figures, code: code ?? 1 });
    });
  });
}

/** `undefined` if there is no target, or an invalid one. */
function meets({ value, target }) {
  if (target === undefined) return undefined;
  const [, sign = '<=', limit] = /^\s*(<=|>=|<|>|≤|≥)?\s*(-?[\d_.,]+)/.exec(String(target)) ?? [];
  if (limit === undefined || typeof value !== 'number') return undefined;
  const number = Number(limit.replace(/[_,]/g, ''));
  return /[>≥]/.test(sign) ? value >= number : value <= number;
}

function formatValue(value) {
  if (typeof value !== 'number') return String(value ?? '—');
  return Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)));
}

function toRows(results) {
  return results.flatMap(({ file, figures, code }) => {
    const rows = figures.map((figure) => {
      const good = meets(figure);
      const verdict = good === undefined ? '' : good ? 'met' : 'MISSED';
      return [figure.name, formatValue(figure.value), figure.unit ?? '', String(figure.target ?? ''), verdict];
    });
    if (code !== 0) rows.push([file, '—', '', '', `FAILED (code ${code})`]);
    if (code === 0 && figures.length === 0) rows.push([file, '—', '', '', 'FAILED (no figures)']);
    return rows;
  });
}

function printTable(rows) {
  const table = [['what', 'value', 'unit', 'target', ''], ...rows];
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
  for (const row of table) {
    const cells = row.map((cell, column) => (column === 1 ? cell.padStart(widths[1]) : cell.padEnd(widths[column])));
    console.log(cells.join('  ').trimEnd());
  }
}

async function main() {
  await ensureInstalled();
  await underProjectNode(fileURLToPath(import.meta.url));
  const { ensureBuilt } = await import('./build.mjs');
  await ensureBuilt();
  const results = [];
  for (const file of findBenches(process.argv.slice(2))) {
    console.log(`• ${file}`);
    results.push(await runBench(file));
  }
  if (results.length === 0) throw new Error('There is no such benchmark in test/bench.');
  const cpus = os.cpus();
  const memory = Math.round(os.totalmem() / 2 ** 30);
  console.log(`\n${new Date().toISOString().slice(0, 10)} · Node ${process.versions.node} · ${os.type()} ${os.arch()}`);
  console.log(`${cpus.length} × ${cpus[0]?.model ?? 'unknown processor'} · ${memory} GiB\n`);
  const rows = toRows(results);
  printTable(rows);
  return rows.some((row) => row[4] !== '' && row[4] !== 'met') ? 1 : 0;
}

try {
  process.exit(await main());
} catch (error) {
  console.error(`\n${error.message ?? error}`);
  process.exit(1);
}
