import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { CommittedContent } from '../../../src/core/versions/results.ts';
import type { TemporaryRepository } from '../../unit/versions/temporary-repository.ts';

export type Task = { folder: string; recorder: string } & (
  | { kind: 'save'; file: string }
  | { kind: 'note'; contents: CommittedContent[] }
);

export interface Running {
  child: ChildProcess;
  /** Kills it with every git that it started, as a machine that goes down does. */
  kill(): void;
  ended: Promise<{ code: number | null; output: string }>;
}

/** Runs `save-process.ts` in a process group of its own. */
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
    child.on('error', reject).on('close', (code) => resolve({ code, output }));
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
