import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { UserError } from '../../base/errors.ts';
import { batchCommand, isBatchFile } from './batch-file.ts';
import { endProcessGroup, endProcessTree } from './end-process-tree.ts';
import { findProgram } from './find-program.ts';

export interface ProgramStart {
  /** A name on PATH, or a path. */
  program: string;
  args: readonly string[];
  folder: string;
  /** From `programEnvironment`. */
  env: Record<string, string>;
  stdio: StdioOptions;
}

export interface RunningProgram {
  child: ChildProcess;
  /** Ends the program with everything that it started; also to be called after it ended, for what it left running. */
  end(): Promise<void>;
}

/** The programs that end with this process, whatever ends it except a kill. */
const running = new Set<RunningProgram>();
let isWatching = false;

/**
 * Starts a program of the user without a shell, as the first of a group of processes that is ended as a whole. Throws
 * UserError `invalid-evaluation` if there is no such program; other reasons why it does not start are the child's `error`.
 */
export function startProgram({ program, args, folder, env, stdio }: ProgramStart): RunningProgram {
  const found = findProgram(program, { env, folder });
  if (found === undefined) throw missingProgram(program);
  const isWindows = process.platform === 'win32';
  const batch = isWindows && isBatchFile(found) ? batchCommand(found, args, env) : undefined;
  const child = spawn(batch?.program ?? found, batch?.args ?? args, {
    cwd: folder,
    env,
    stdio,
    windowsHide: true,
    windowsVerbatimArguments: batch !== undefined,
    // the leader of its own group; on Windows this would only open a console
    detached: !isWindows,
  });
  const started: RunningProgram = {
    child,
    async end() {
      await endProcessTree(child);
      running.delete(started);
    },
  };
  running.add(started);
  if (!isWatching) process.on('exit', endAll);
  isWatching = true;
  return started;
}

function endAll(): void {
  for (const { child } of running) endProcessGroup(child);
}

export function missingProgram(program: string): UserError {
  return new UserError(`The program ${program} was not found.`, {
    code: 'invalid-evaluation',
    hint: 'Install it, add its folder to PATH, or write its path, relative to the evaluation file.',
  });
}
