import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { abortError, throwIfAborted } from '../../base/abort.ts';
import { OutputTail } from './output-tail.ts';
import { type ProgramStart, startProgram } from './start-program.ts';

interface Limits {
  /** Written to its standard input, which is then closed. */
  input: string;
  timeoutMs: number;
  /** Of its standard output. */
  maxBytes: number;
  signal: AbortSignal;
}

/** How a program ended; `stopped` if it was ended here. */
export interface ProgramResult {
  stdout: Buffer;
  /** Its last lines. */
  stderr: string;
  /** Null if a signal ended it. */
  exitCode: number | null;
  exitSignal: string | null;
  stopped: 'timeout' | 'too-long' | undefined;
}

/** For pipes that something unknown holds open, and for processes that the system does not end. */
const LONGEST_CLOSE_MS = 2000;

/**
 * Runs a program to its end, and ends with it what it started. Rejects with an AbortError, with UserError if there is no
 * such program, and with the system's error if it cannot be started.
 */
export async function runProgram(start: Omit<ProgramStart, 'stdio'>, limits: Limits): Promise<ProgramResult> {
  const { signal, timeoutMs, input } = limits;
  throwIfAborted(signal);
  const { child, end } = startProgram({ ...start, stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = new AbortController();
  let stopped: ProgramResult['stopped'];
  const stop = async (reason?: ProgramResult['stopped']) => {
    stopped ??= reason;
    await end();
    setTimeout(() => ended.abort(), LONGEST_CLOSE_MS).unref();
  };
  const timer = setTimeout(stop, Math.min(timeoutMs, 2 ** 31 - 1), 'timeout');
  const onAbort = () => void stop();
  signal.addEventListener('abort', onAbort, { once: true });
  const output = collectOutput(child, limits.maxBytes, () => void stop('too-long'));
  // a program need not read its input
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(input);
  try {
    await once(child, 'exit', { signal: ended.signal }).catch(ignoreAbort);
    clearTimeout(timer);
    // before the pipes are closed: what it left running may hold them
    const isOpen = !child.stdout?.closed || !child.stderr?.closed;
    const closed = isOpen ? once(child, 'close', { signal: ended.signal }).catch(ignoreAbort) : undefined;
    await stop();
    await closed;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    for (const stream of child.stdio) stream?.destroy();
  }
  if (signal.aborted) throw abortError();
  return { ...output(), exitCode: child.exitCode, exitSignal: child.signalCode, stopped };
}

function ignoreAbort(error: unknown): void {
  if (!(error instanceof Error) || error.name !== 'AbortError') throw error;
}

function collectOutput({ stdout, stderr }: ChildProcess, maxBytes: number, onTooLong: () => void) {
  const pieces: Buffer[] = [];
  const tail = new OutputTail();
  let size = 0;
  stdout?.on('data', (piece: Buffer) => {
    size += piece.length;
    if (size <= maxBytes) pieces.push(piece);
    else onTooLong();
  });
  stderr?.on('data', (piece: Buffer) => tail.add(piece));
  return () => ({ stdout: Buffer.concat(pieces), stderr: tail.text() });
}
