import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { UserError } from '../../base/errors.ts';
import { removeCredentials } from '../../base/secrets/remove-credentials.ts';
import { type GitSettings, gitEnvironment, gitProgram, timeoutOf } from './git.ts';
import { explainGitFailure, gitTimedOut, isOutsideRepository } from './git-errors.ts';
import { withFlags } from './git-flags.ts';

/** An object as returned by `cat-file --batch`. */
interface GitObject {
  hash: string;
  type: 'blob' | 'tree' | 'commit' | 'tag';
  bytes: Buffer;
}

/** An idle process is stopped after this time; the next call starts another. */
const IDLE_MS = 10_000;

interface Waiting {
  name: string;
  resolve(object: GitObject | undefined): void;
  reject(error: unknown): void;
}

/** One long-lived `git cat-file --batch`: a thousand small objects cost one process. */
export class ObjectReader {
  private readonly settings: GitSettings;
  private child: ChildProcessWithoutNullStreams | undefined;
  private queue: Waiting[] = [];
  private arrived = createArrivals();
  private idle: NodeJS.Timeout | undefined;
  private stalled: NodeJS.Timeout | undefined;

  constructor(settings: GitSettings) {
    this.settings = settings;
  }

  dispose(): void {
    clearTimeout(this.idle);
    const stopped = this.child;
    if (this.queue.length === 0) this.child = undefined;
    stopped?.stdin.end();
  }

  /** `name` is any revision without a line break: a hash, `commit:path`. Undefined if there is no such object. */
  read(name: string): Promise<GitObject | undefined> {
    if (/[\n\0]/.test(name)) return Promise.resolve(undefined);
    return new Promise((resolve, reject) => this.ask({ name, resolve, reject }));
  }

  /** Text of a blob, or of an object of another type, as UTF-8; undefined if there is none of that type. */
  async text(name: string, type: GitObject['type'] = 'blob'): Promise<string | undefined> {
    const object = await this.read(name);
    return object?.type === type ? object.bytes.toString('utf8') : undefined;
  }

  private start(): ChildProcessWithoutNullStreams {
    const started = spawn(gitProgram(this.settings), withFlags(['cat-file', '--batch']), {
      cwd: this.settings.cwd,
      env: gitEnvironment(this.settings),
      windowsHide: true,
    });
    let stderr = '';
    started.stdout.on('data', (chunk: Buffer) => this.receive(chunk));
    started.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString('utf8');
    });
    started.stdin.on('error', () => undefined);
    started.on('error', (error) => this.end(started, error));
    started.on('close', (code) => this.end(started, new Error(stderr || 'git cat-file ended'), code ?? undefined));
    this.arrived = createArrivals();
    return started;
  }

  private end(ended: ChildProcessWithoutNullStreams, cause: unknown, code?: number): void {
    if (this.child !== ended) return;
    this.child = undefined;
    clearTimeout(this.stalled);
    const lost = this.queue;
    this.queue = [];
    // git stops at a name outside the repository: there is no such object, and the others are requested again.
    if (cause instanceof Error && isOutsideRepository(cause.message)) {
      lost.shift()?.resolve(undefined);
      for (const waiting of lost) this.ask(waiting);
      return;
    }
    const error = cause instanceof UserError ? cause : stopped(cause, code, this.settings);
    for (const waiting of lost) waiting.reject(error);
  }

  private receive(chunk: Buffer): void {
    this.watch();
    for (const object of this.arrived.take(chunk)) {
      this.queue.shift()?.resolve(object);
      if (this.queue.length === 0) this.rest();
    }
  }

  /** Objects may be on an unavailable drive, or fetched one by one into a partial clone. */
  private watch(): void {
    clearTimeout(this.stalled);
    this.stalled = setTimeout(() => {
      const silent = this.child;
      if (!silent || this.queue.length === 0) return;
      silent.kill('SIGKILL');
      this.end(silent, gitTimedOut('cat-file', timeoutOf(this.settings)));
    }, timeoutOf(this.settings));
    this.stalled.unref();
  }

  private ask(waiting: Waiting): void {
    clearTimeout(this.idle);
    try {
      this.child ??= this.start();
    } catch (error) {
      waiting.reject(error);
      return;
    }
    this.child.ref();
    this.queue.push(waiting);
    this.watch();
    const { stdin } = this.child;
    if (stdin.writableCorked === 0) {
      // all requests of this turn in one write, so that git answers them without waiting in between
      stdin.cork();
      process.nextTick(() => stdin.uncork());
    }
    stdin.write(`${waiting.name}\n`);
  }

  private rest(): void {
    clearTimeout(this.idle);
    clearTimeout(this.stalled);
    this.idle = setTimeout(() => this.dispose(), IDLE_MS);
    this.idle.unref();
    this.child?.unref();
  }
}

/** With git's own reason: an object of a partial clone may have to be fetched, and the remote may be unavailable. */
function stopped(error: unknown, code: number | undefined, settings: GitSettings): UserError {
  const stderr = error instanceof Error ? error.message : '';
  const explained = explainGitFailure(
    { args: ['cat-file'], error, code, stdout: '', stderr },
    { ...settings, timeoutMs: timeoutOf(settings) },
  );
  if (explained.code !== 'git') return explained;
  const reason = removeCredentials(stderr.trim());
  return new UserError(`git stopped while reading objects: ${reason}`, {
    code: 'git',
    hint: 'Try again.',
    cause: error,
  });
}

/** Pieces are joined once an object can be complete: joining each time would copy a large object over and over. */
function createArrivals() {
  let pieces: Buffer[] = [];
  let length = 0;
  let needed = 1;
  return {
    /** Adds received bytes; returns the objects that are complete now. */
    take(chunk: Buffer): (GitObject | undefined)[] {
      pieces.push(chunk);
      length += chunk.length;
      if (length < needed) return [];
      let bytes = pieces.length === 1 ? chunk : Buffer.concat(pieces);
      const objects: (GitObject | undefined)[] = [];
      let answer = takeAnswer(bytes);
      for (; 'rest' in answer; answer = takeAnswer(bytes)) {
        objects.push(answer.object);
        bytes = answer.rest;
      }
      needed = answer.needed;
      pieces = bytes.length === 0 ? [] : [bytes];
      length = bytes.length;
      return objects;
    },
  };
}

/** The first complete object in the received bytes, or the minimum number of bytes that it needs. */
function takeAnswer(bytes: Buffer): { object: GitObject | undefined; rest: Buffer } | { needed: number } {
  const lineEnd = bytes.indexOf(10);
  if (lineEnd < 0) return { needed: bytes.length + 1 };
  const line = bytes.subarray(0, lineEnd).toString('utf8');
  const match = /^([0-9a-f]{40,64}) (blob|tree|commit|tag) (\d+)$/.exec(line);
  if (!match) return { object: undefined, rest: bytes.subarray(lineEnd + 1) };
  const start = lineEnd + 1;
  const end = start + Number(match[3]);
  if (bytes.length < end + 1) return { needed: end + 1 };
  const object = { hash: match[1] ?? '', type: match[2] as GitObject['type'], bytes: bytes.subarray(start, end) };
  return { object, rest: bytes.subarray(end + 1) };
}
