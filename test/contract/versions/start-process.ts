import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { CommittedContent } from '../../../src/core/versions/results/read-results.ts';
import type { TemporaryRepository } from '../../integration/versions/temporary-repository.ts';

export type Task = { folder: string; recorder: string } & (
  | { kind: 'save'; file: string }
  | { kind: 'note'; contents: CommittedContent[] }
);

export interface Running {
  child: ChildProcess;
  /** Kills it with every git that it started, like a machine that crashes. */
  kill(): void;
  ended: Promise<{ code: number | null; output: string }>;
}

/** Runs `save-process.ts` in a separate process group. */
export function startProcess(repository: TemporaryRepository, task: Task, env: NodeJS.ProcessEnv = {}): Running {
  const script = fileURLToPath(new URL('./save-process.ts', import.meta.url));
  const args = ['--no-warnings', '--experimental-strip-types', script, JSON.stringify(task)];
  const child = spawn(process.execPath, args, {
    env: { ...repository.env, ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
  }
  const ended = new Promise<{ code: number | null; output: string }>((resolve, reject) => {
    child.on('error', reject).on('close', (code) => {
      // a git that was killed with it may still be ending, and about to write a file
      groupEnded(child.pid ?? 0).then(() => resolve({ code, output }), reject);
    });
  });
  return {
    child,
    ended,
    kill() {
      if (child.pid === undefined || child.exitCode !== null) return;
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    },
  };
}

/** Resolves when no process of a group is left; a zombie process counts as ended. */
async function groupEnded(group: number): Promise<void> {
  while (isGroupAlive(group)) await sleep(5);
}

function isGroupAlive(group: number): boolean {
  try {
    process.kill(-group, 0);
  } catch {
    return false;
  }
  if (process.platform !== 'linux') return true;
  const states = readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const [state, , own] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return Number(own) === group ? [state] : [];
    } catch {
      return [];
    }
  });
  return states.some((state) => state !== 'Z' && state !== 'X');
}
