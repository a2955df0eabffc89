// A process of its own: calls a function of the user for each line of its standard input, and replies on a pipe.
import { writeSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

const REPLIES = 3;

/**
 * Lines are read in a thread: when the other side has ended, this process ends too, even while the function hangs and no
 * other code runs here. Not as a file: a process cannot exit while a read of one waits.
 */
const READ_LINES = `
const { parentPort } = require('node:worker_threads');
const input = new (require('node:net').Socket)({ fd: 0, readable: true, writable: false });
const lines = require('node:readline').createInterface({ input });
lines.on('line', (line) => parentPort.postMessage(line));
lines.on('close', () => process.kill(process.pid, 'SIGKILL'));
`;

type Score = (sample: unknown) => unknown;

function reply(message: object): void {
  const text = JSON.stringify(message, (_, value: unknown) => {
    return typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value)) ? String(value) : value;
  });
  const bytes = Buffer.from(`${text}\n`);
  for (let sent = 0; sent < bytes.length; ) sent += writeSync(REPLIES, bytes, sent);
}

/** The message of an error with its line in the user's file. */
function describe(error: unknown, file: string): string {
  if (!(error instanceof Error)) return `it threw ${String(error)}.`;
  const name = path.basename(file);
  const at = error.stack?.split(name).slice(1).join(name);
  const line = /^(?:\?[^:]*)?:(\d+)/.exec(at ?? '')?.[1];
  return `${error.name}: ${error.message}${line === undefined ? '' : ` (${name}:${line})`}`;
}

async function load(file: string, written: string): Promise<Score> {
  const module = (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  const names = written === '' ? ['default', 'score'] : [written];
  const found = names.map((name) => module[name]).find((value) => typeof value === 'function');
  if (found) return found as Score;
  const what = written === '' ? 'no default export and no "score"' : `no function "${written}"`;
  throw new TypeError(`it exports ${what}. Its exports: ${Object.keys(module).join(', ') || 'none'}.`);
}

async function answer(line: string, score: Score, file: string): Promise<void> {
  try {
    reply({ returned: (await score(JSON.parse(line))) ?? null });
  } catch (error) {
    reply({ error: describe(error, file) });
  }
}

async function main([file = '', written = '']: string[]): Promise<void> {
  const lines = new Worker(READ_LINES, { eval: true, stdin: false });
  let score: Score;
  try {
    score = await load(file, written);
  } catch (error) {
    reply({ failed: describe(error, file) });
    return;
  }
  lines.on('message', (line: string) => void answer(line, score, file));
  reply({ ready: true });
}

await main(process.argv.slice(2));
