import type { StdioOptions } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { isRecord } from '../../../../shared/is-record.ts';
import { UserError } from '../../../base/errors.ts';
import { OutputTail } from '../../programs/output-tail.ts';
import { type ProgramStart, type RunningProgram, startProgram } from '../../programs/start-program.ts';

interface MetricProgram extends Omit<ProgramStart, 'stdio'> {
  /** Where it writes its replies: its standard output, or a pipe of its own. */
  channel: 1 | 3;
  timeoutMs: number;
  /** For messages: `score.py`. */
  name: string;
}

/** Importing libraries for machine learning takes many seconds. */
const LONGEST_LOAD_MS = 60_000;
/** A reason is a sentence; a program that writes without end must not fill the memory. */
const LONGEST_LINE = 1024 * 1024;

interface Started {
  running: RunningProgram;
  stderr: OutputTail;
  /** The next reply; rejects when the process ends. */
  reply: Reply;
  /** How many calls it has got. */
  calls: number;
}

/** Why a process was lost; `ended` if it ended on its own. */
class LostProcess extends Error {
  readonly ended: boolean;

  constructor(message: string, { ended }: { ended: boolean }) {
    super(message);
    this.ended = ended;
  }
}

/**
 * A process that calls a function of the user for one line of JSON after the other. One that hangs or ends is an error of
 * the call, and the next call starts another process.
 */
export class MetricProcess {
  readonly #program: MetricProgram;
  /** The process that is running; another one is started after it is lost. */
  #current: Started | undefined;
  #loading: Promise<Started> | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(program: MetricProgram) {
    this.#program = program;
  }

  /** Throws UserError `invalid-evaluation` if the code cannot be loaded. */
  async load(): Promise<void> {
    await this.#load();
  }

  /** What the function returned. Throws why there is nothing, as the rest of a sentence. */
  call(sample: unknown): Promise<unknown> {
    // one at a time: the time of a call is its own
    const result = this.#queue.then(() => this.#callOrRepeat(sample));
    this.#queue = result.catch(() => undefined);
    return result;
  }

  async close(): Promise<void> {
    if (this.#current) await this.#lose(this.#current, 'its process was ended.');
  }

  /** A process may end because of what an earlier call left behind, so its end counts only in the first call. */
  async #callOrRepeat(sample: unknown): Promise<unknown> {
    const started = await this.#load();
    try {
      return await this.#call(started, sample);
    } catch (error) {
      if (!(error instanceof LostProcess) || !error.ended || started.calls === 1) throw error;
      return this.#call(await this.#load(), sample);
    }
  }

  async #call(started: Started, sample: unknown): Promise<unknown> {
    started.reply = createReply();
    started.stderr = new OutputTail();
    started.calls += 1;
    started.running.child.stdin?.write(`${JSON.stringify(sample)}\n`);
    const { timeoutMs } = this.#program;
    const reply = await this.#awaitReply(started, timeoutMs, `it did not return within ${timeoutMs} ms.`);
    if (typeof reply.error === 'string') throw new Error(reply.error);
    return reply.returned;
  }

  #load(): Promise<Started> {
    this.#loading ??= this.#start();
    return this.#loading;
  }

  async #start(): Promise<Started> {
    const { name, channel } = this.#program;
    const stdio: StdioOptions = channel === 1 ? ['pipe', 'pipe', 'pipe'] : ['pipe', 'pipe', 'pipe', 'pipe'];
    const running = startProgram({ ...this.#program, stdio });
    const started: Started = { running, stderr: new OutputTail(), reply: createReply(), calls: 0 };
    this.#current = started;
    this.#listen(started);
    const late = 'it takes more than a minute to load.';
    const reply = await this.#awaitReply(started, LONGEST_LOAD_MS, late).catch(({ message }: Error) => {
      return { failed: message };
    });
    if (!('failed' in reply)) return started;
    await this.#lose(started, '');
    throw new UserError(`${name} cannot be used as a metric: ${String(reply.failed)}`, {
      code: 'invalid-evaluation',
      hint: 'Fix the file and try again.',
    });
  }

  #listen(started: Started): void {
    const { child } = started.running;
    const { channel } = this.#program;
    const lose = (reason: string, ended = false) => void this.#lose(started, reason, ended);
    child.on('error', ({ message }) => lose(`its process cannot be started: ${message}.`));
    child.on('close', (code, signal) => {
      lose(code === null ? `its process was ended by ${signal}.` : `its process ended with exit code ${code}.`, true);
    });
    child.stdin?.on('error', () => undefined);
    child.stderr?.on('data', (piece: Buffer) => started.stderr.add(piece));
    if (channel === 3) child.stdout?.on('data', (piece: Buffer) => started.stderr.add(piece));
    readLines(child.stdio[channel], (line) => {
      const reply = line === undefined ? undefined : parseReply(line);
      if (reply) started.reply.resolve(reply);
      else lose('its process wrote something else than a reply.');
    });
  }

  /** What waits is rejected, with the last lines that the process wrote; the next call starts another process. */
  async #lose(started: Started, reason: string, ended = false): Promise<void> {
    const said = started.stderr.text();
    started.reply.reject(new LostProcess(said === '' ? reason : `${reason}\n${said}`, { ended }));
    if (this.#current === started) {
      this.#current = undefined;
      this.#loading = undefined;
    }
    await started.running.end();
  }

  async #awaitReply(started: Started, timeoutMs: number, late: string): Promise<Record<string, unknown>> {
    const timer = setTimeout(() => void this.#lose(started, late), Math.min(timeoutMs, 2 ** 31 - 1));
    try {
      return await started.reply.promise;
    } finally {
      clearTimeout(timer);
    }
  }
}

type Reply = PromiseWithResolvers<Record<string, unknown>>;

/** A process that ends while nobody waits is no error. */
function createReply(): Reply {
  const reply: Reply = Promise.withResolvers();
  reply.promise.catch(() => undefined);
  return reply;
}

/** Undefined for a line that is too long. */
function readLines(stream: Readable | Writable | null | undefined, onLine: (line: string | undefined) => void): void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  stream?.on('data', (piece: Buffer) => {
    const lines = (rest + decoder.write(piece)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
    if (rest.length > LONGEST_LINE) onLine(undefined);
  });
  stream?.on('error', () => undefined);
}

function parseReply(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
