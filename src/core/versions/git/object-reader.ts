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

/** One long-lived `git cat-file --batch`: a thousand small objects cost one process. */
export interface ObjectReader {
  /** `name` is any revision without a line break: a hash, `commit:path`. Undefined if there is no such object. */
  read(name: string): Promise<GitObject | undefined>;
  /** Text of a blob, or of an object of another type, as UTF-8; undefined if there is none of that type. */
  text(name: string, type?: GitObject['type']): Promise<string | undefined>;
  dispose(): void;
}

/** An idle process is stopped after this time; the next call starts another. */
const IDLE_MS = 10_000;

interface Waiting {
  name: string;
  resolve(object: GitObject | undefined): void;
  reject(error: unknown): void;
}

export function createObjectReader(settings: GitSettings): ObjectReader {
  let child: ChildProcessWithoutNullStreams | undefined;
  let queue: Waiting[] = [];
  let arrived = createArrivals();
  let idle: NodeJS.Timeout | undefined;
  let stalled: NodeJS.Timeout | undefined;

  function start(): ChildProcessWithoutNullStreams {
    const started = spawn(gitProgram(settings), withFlags(['cat-file', '--batch']), {
      cwd: settings.cwd,
      env: gitEnvironment(settings),
      windowsHide: true,
    });
    let said = '';
    started.stdout.on('data', (chunk: Buffer) => receive(chunk));
    started.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
    });
    started.stdin.on('error', () => undefined);
    started.on('error', (error) => end(started, error));
    started.on('close', (code) => end(started, new Error(said || 'git cat-file ended'), code ?? undefined));
    arrived = createArrivals();
    return started;
  }

  function end(ended: ChildProcessWithoutNullStreams, cause: unknown, code?: number): void {
    if (child !== ended) return;
    child = undefined;
    clearTimeout(stalled);
    const lost = queue;
    queue = [];
    // git stops at a name outside the repository: there is no such object, and the others are requested again.
    if (cause instanceof Error && isOutsideRepository(cause.message)) {
      lost.shift()?.resolve(undefined);
      for (const waiting of lost) ask(waiting);
      return;
    }
    const error = cause instanceof UserError ? cause : stopped(cause, code, settings);
    for (const waiting of lost) waiting.reject(error);
  }

  function receive(chunk: Buffer): void {
    watch();
    for (const object of arrived.take(chunk)) {
      queue.shift()?.resolve(object);
      if (queue.length === 0) rest();
    }
  }

  /** Objects may be on an unavailable drive, or fetched one by one into a partial clone. */
  function watch(): void {
    clearTimeout(stalled);
    stalled = setTimeout(() => {
      const silent = child;
      if (!silent || queue.length === 0) return;
      silent.kill('SIGKILL');
      end(silent, gitTimedOut('cat-file', timeoutOf(settings)));
    }, timeoutOf(settings));
    stalled.unref();
  }

  function ask(waiting: Waiting): void {
    clearTimeout(idle);
    try {
      child ??= start();
    } catch (error) {
      waiting.reject(error);
      return;
    }
    child.ref();
    queue.push(waiting);
    watch();
    const { stdin } = child;
    if (stdin.writableCorked === 0) {
      // all requests of this turn in one write, so that git answers them without waiting in between
      stdin.cork();
      process.nextTick(() => stdin.uncork());
    }
    stdin.write(`${waiting.name}\n`);
  }

  function rest(): void {
    clearTimeout(idle);
    clearTimeout(stalled);
    idle = setTimeout(stop, IDLE_MS);
    idle.unref();
    child?.unref();
  }

  function stop(): void {
    clearTimeout(idle);
    const stopped = child;
    if (queue.length === 0) child = undefined;
    stopped?.stdin.end();
  }

  const reader: ObjectReader = {
    read(name) {
      if (/[\n\0]/.test(name)) return Promise.resolve(undefined);
      return new Promise((resolve, reject) => ask({ name, resolve, reject }));
    },
    async text(name, type = 'blob') {
      const object = await reader.read(name);
      return object?.type === type ? object.bytes.toString('utf8') : undefined;
    },
    dispose: stop,
  };
  return reader;
}

/** With git's own reason: an object of a partial clone may have to be fetched, and the remote may be unavailable. */
function stopped(error: unknown, code: number | undefined, settings: GitSettings): UserError {
  const stderr = error instanceof Error ? error.message : '';
  const explained = explainGitFailure(
    { args: ['cat-file'], error, code, stdout: '', stderr },
    { ...settings, timeoutMs: timeoutOf(settings) },
  );
  if (explained.code !== 'git') return explained;
  const said = removeCredentials(stderr.trim());
  return new UserError(`git stopped while reading objects: ${said}`, { code: 'git', hint: 'Try again.', cause: error });
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
