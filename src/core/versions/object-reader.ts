import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { UserError } from '../base/errors.ts';
import { type GitSettings, gitEnvironment } from './git.ts';

/** An object as `cat-file --batch` gives it. */
export interface GitObject {
  hash: string;
  type: 'blob' | 'tree' | 'commit' | 'tag';
  bytes: Buffer;
}

/** One long-lived `git cat-file --batch`: a thousand small objects cost one process. */
export interface ObjectReader {
  /** `name` is any revision that has no line break: a hash, `commit:path`. Undefined where there is no such object. */
  read(name: string): Promise<GitObject | undefined>;
  /** Text of a blob, as UTF-8; undefined where there is none or it is no blob. */
  text(name: string): Promise<string | undefined>;
  dispose(): void;
}

/** A process that has nothing to do is ended after so long; the next call starts another. */
const IDLE_MS = 10_000;

interface Waiting {
  resolve(object: GitObject | undefined): void;
  reject(error: unknown): void;
}

export function createObjectReader(settings: GitSettings): ObjectReader {
  let child: ChildProcessWithoutNullStreams | undefined;
  let queue: Waiting[] = [];
  let pending: Buffer = Buffer.alloc(0);
  let idle: NodeJS.Timeout | undefined;

  function start(): ChildProcessWithoutNullStreams {
    const started = spawn(settings.binary ?? 'git', ['cat-file', '--batch'], {
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
    started.on('close', () => end(started, new Error(said || 'git cat-file ended')));
    pending = Buffer.alloc(0);
    return started;
  }

  function end(ended: ChildProcessWithoutNullStreams, cause: unknown): void {
    if (child !== ended) return;
    child = undefined;
    const lost = queue;
    queue = [];
    for (const waiting of lost) {
      waiting.reject(new UserError('git stopped while objects were read.', { code: 'git', hint: 'Try again.', cause }));
    }
  }

  function receive(chunk: Buffer): void {
    pending = pending.length === 0 ? Buffer.from(chunk) : Buffer.concat([pending, chunk]);
    for (;;) {
      const answer = takeAnswer(pending);
      if (!answer) return;
      pending = answer.rest;
      queue.shift()?.resolve(answer.object);
      if (queue.length === 0) rest();
    }
  }

  function rest(): void {
    clearTimeout(idle);
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
      clearTimeout(idle);
      child ??= start();
      child.ref();
      const target = child;
      return new Promise((resolve, reject) => {
        queue.push({ resolve, reject });
        target.stdin.write(`${name}\n`);
      });
    },
    async text(name) {
      const object = await reader.read(name);
      return object?.type === 'blob' ? object.bytes.toString('utf8') : undefined;
    },
    dispose: stop,
  };
  return reader;
}

/** The first whole answer of what has arrived; undefined where it has not all arrived. */
function takeAnswer(bytes: Buffer): { object: GitObject | undefined; rest: Buffer } | undefined {
  const lineEnd = bytes.indexOf(10);
  if (lineEnd < 0) return undefined;
  const line = bytes.subarray(0, lineEnd).toString('utf8');
  const match = /^([0-9a-f]{40,64}) (blob|tree|commit|tag) (\d+)$/.exec(line);
  if (!match) return { object: undefined, rest: bytes.subarray(lineEnd + 1) };
  const start = lineEnd + 1;
  const end = start + Number(match[3]);
  if (bytes.length < end + 1) return undefined;
  const object = { hash: match[1] ?? '', type: match[2] as GitObject['type'], bytes: bytes.subarray(start, end) };
  return { object, rest: bytes.subarray(end + 1) };
}
