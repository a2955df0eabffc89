import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { buildWorker } from './build-worker.ts';
import { WORKER_URL } from './temporary-store.ts';

const WRITER = fileURLToPath(await buildWorker(new URL('./writer-process.ts', import.meta.url)));

/** Locks the database with this SQL, reports it, and holds the lock until its input ends. */
const LOCKER = `
const { DatabaseSync } = require('node:sqlite');
const db = new DatabaseSync(process.argv[1]);
db.exec(process.argv[2]);
process.stdout.write('locked\\n');
process.stdin.on('end', () => process.exit()).resume();`;

export interface Child extends AsyncDisposable {
  process: ChildProcess;
  /** Lines written so far. */
  lines(): string[];
  stderr(): string;
  nextLine(): Promise<void>;
  exit(): Promise<void>;
}

export function spawnWriter(path: string, name: string, batches: number): Child {
  return watch(spawn(process.execPath, [WRITER, path, WORKER_URL.href, name, String(batches)]));
}

export async function spawnLocker(path: string, sql: string): Promise<Child> {
  const child = watch(spawn(process.execPath, ['-e', LOCKER, path, sql]));
  await child.nextLine();
  return child;
}

function watch(process: ChildProcess): Child {
  let out = '';
  let err = '';
  process.stdout?.on('data', (chunk) => {
    out += chunk;
  });
  process.stderr?.on('data', (chunk) => {
    err += chunk;
  });
  const exited = once(process, 'exit');
  return {
    process,
    lines: () => out.split('\n').slice(0, -1),
    stderr: () => err,
    async nextLine() {
      const ended = await Promise.race([once(process.stdout ?? process, 'data'), exited.then(() => 'exit')]);
      if (ended === 'exit') throw new Error(`The process ended: ${err}`);
    },
    async exit() {
      await exited;
    },
    async [Symbol.asyncDispose]() {
      if (process.exitCode === null && process.signalCode === null) process.kill('SIGKILL');
      await exited;
    },
  };
}
