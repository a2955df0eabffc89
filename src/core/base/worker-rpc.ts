import { parentPort, type ResourceLimits, Worker } from 'node:worker_threads';
import type { ErrorCode } from './error-kinds.ts';
import { type ErrorInfo, toErrorInfo, UserError } from './errors.ts';
import type { Log } from './ports.ts';
import type { RpcCancel, RpcProgress, RpcReply, RpcRequest } from './rpc.ts';

interface WorkerOptions {
  url: URL;
  /** What the worker starts with, as its `workerData`. */
  data: unknown;
  /** The thread's name, as the start of a sentence: `The database thread for /w/llmops.db`. */
  name: string;
  /** The code of errors that are about the thread itself. */
  code: ErrorCode;
  /** A small young generation for threads with much garbage, where large values are counted many times. */
  maxYoungGenerationMb?: number;
  /** A thread that needs more is stopped, before the process runs out of memory. */
  maxHeapMb?: number;
  log?: Log;
  /** Called when the thread has stopped without being asked to. */
  onLost?(): void;
}

interface CallOptions {
  /** Transferred with the request, not copied. */
  transfer?: ArrayBuffer[];
  /** Asks the worker to end the request early: its reply then is the partial result. */
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: unknown) => void) | undefined;
}

export interface WorkerClient {
  call(method: string, params: unknown, options?: CallOptions): Promise<unknown>;
  /** Sends a last request and ends the thread; every later call is rejected. */
  end(lastMethod: string, params: unknown): Promise<void>;
  /** Ends the thread at once, whatever it is doing: pending calls and every later one are rejected. */
  stop(): Promise<void>;
}

interface Pending {
  resolve(value: unknown): void;
  reject(error: unknown): void;
  onProgress: CallOptions['onProgress'];
  /** Stops listening to the request's signal. */
  release(): void;
}

/** A thread that crashes rejects its pending requests; the next call restarts it, once. */
const MAX_STARTS = 2;

/** The client of one worker thread, which keeps the process alive only while a reply is pending. */
export function connectWorker(options: WorkerOptions): WorkerClient {
  return new Client(options);
}

class Client implements WorkerClient {
  readonly #options: WorkerOptions;
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | undefined;
  #starts = 0;
  #ending: Promise<void> | undefined;
  #nextId = 1;

  constructor(options: WorkerOptions) {
    this.#options = options;
  }

  async call(method: string, params: unknown, options: CallOptions = {}): Promise<unknown> {
    const { name, code } = this.#options;
    options.signal?.throwIfAborted();
    if (this.#ending) throw new UserError(`${name} is closed.`, { code, hint: 'Reload the window.' });
    return this.#send(this.#worker ?? this.#start(), { method, params }, options);
  }

  end(lastMethod: string, params: unknown): Promise<void> {
    this.#ending ??= this.#worker ? this.#endWorker(this.#worker, lastMethod, params) : Promise.resolve();
    return this.#ending;
  }

  async stop(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#ending ??= Promise.resolve();
    const { name, code } = this.#options;
    this.#rejectAll(new UserError(`${name} was stopped.`, { code, hint: 'Try again.' }));
    await worker?.terminate();
  }

  #start(): Worker {
    const { url, data, name, code } = this.#options;
    if (this.#starts >= MAX_STARTS) {
      throw new UserError(`${name} stopped twice.`, {
        code,
        hint: 'See the log for the reason, then reload the window.',
      });
    }
    this.#starts += 1;
    // Flags of the process (a debugger's, a loader's) are not meant for this thread.
    const worker = new Worker(url, { workerData: data, execArgv: [], resourceLimits: limitsOf(this.#options) });
    let failure: unknown;
    worker.on('message', (message: RpcReply | RpcProgress) => {
      if (message.kind === 'reply') this.#settle(worker, message);
      else this.#pending.get(message.id)?.onProgress?.(message.progress);
    });
    worker.on('error', (error) => {
      failure = error;
    });
    worker.on('exit', (exitCode) => {
      if (this.#worker === worker) this.#lose(failure ?? `exit code ${exitCode}`);
    });
    this.#worker = worker;
    return worker;
  }

  #settle(from: Worker, reply: RpcReply): void {
    const waiting = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    waiting?.release();
    if (this.#pending.size === 0) from.unref();
    if (reply.ok) waiting?.resolve(reply.value);
    else waiting?.reject(toUserError(reply.error, this.#options.code));
  }

  #lose(reason: unknown): void {
    const { name, code, log, onLost } = this.#options;
    this.#worker = undefined;
    log?.error(`${name} stopped unexpectedly.`, reason);
    onLost?.();
    const error = new UserError(`${name} stopped.`, {
      code,
      hint: 'Try again: it restarts automatically. See the log for the reason.',
      cause: reason,
    });
    this.#rejectAll(error);
  }

  #rejectAll(error: UserError): void {
    for (const waiting of this.#pending.values()) {
      waiting.release();
      waiting.reject(error);
    }
    this.#pending.clear();
  }

  #send(
    target: Worker,
    { method, params }: Pick<RpcRequest, 'method' | 'params'>,
    { transfer = [], signal, onProgress }: CallOptions,
  ): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const request: RpcRequest = { kind: 'request', id: this.#nextId++, method, params };
      const cancel = () => target.postMessage({ kind: 'cancel', id: request.id } satisfies RpcCancel);
      signal?.addEventListener('abort', cancel);
      const release = () => signal?.removeEventListener('abort', cancel);
      this.#pending.set(request.id, { resolve, reject, onProgress, release });
      target.ref();
      try {
        target.postMessage(request, transfer);
      } catch (cause) {
        // A value that cannot be cloned, such as a function.
        const message = `Only plain data can be sent to a worker: ${cause instanceof Error ? cause.message : String(cause)}`;
        const error: ErrorInfo = { code: this.#options.code, message };
        this.#settle(target, { kind: 'reply', id: request.id, ok: false, error });
      }
    });
  }

  async #endWorker(target: Worker, method: string, params: unknown): Promise<void> {
    const { name, log } = this.#options;
    await this.#send(target, { method, params }, {}).catch((error: unknown) => {
      log?.warn(`${name} did not shut down cleanly: ${String(error)}`);
    });
    this.#worker = undefined;
    await target.terminate();
  }
}

function limitsOf({ maxYoungGenerationMb, maxHeapMb }: WorkerOptions): ResourceLimits {
  return {
    ...(maxYoungGenerationMb === undefined ? {} : { maxYoungGenerationSizeMb: maxYoungGenerationMb }),
    ...(maxHeapMb === undefined ? {} : { maxOldGenerationSizeMb: maxHeapMb }),
  };
}

function toUserError({ code, message, hint, action }: ErrorInfo, own: ErrorCode): UserError {
  const details: ConstructorParameters<typeof UserError>[1] = { code: code === 'internal' ? own : code };
  if (hint !== undefined) details.hint = hint;
  if (action !== undefined) details.action = action;
  return new UserError(message, details);
}

/** What a method of a worker gets besides its params. */
interface WorkerCall {
  /** Aborted when the client asks for an early end. */
  signal: AbortSignal;
  report(progress: unknown): void;
}

/** The worker's side: answers each request with what `perform` returns or throws, then calls `onReply`. */
export function serveWorker(
  perform: (method: string, params: unknown, call: WorkerCall) => unknown,
  onReply: (method: string, params: unknown) => void = () => {},
): void {
  const open = new Map<number, AbortController>();
  parentPort?.on('message', async (message: RpcRequest | RpcCancel) => {
    if (message.kind === 'cancel') return open.get(message.id)?.abort();
    const { id, method, params } = message;
    const control = new AbortController();
    open.set(id, control);
    const report = (progress: unknown) =>
      parentPort?.postMessage({ kind: 'progress', id, progress } satisfies RpcProgress);
    let reply: RpcReply;
    try {
      const value = await perform(method, params, { signal: control.signal, report });
      reply = { kind: 'reply', id, ok: true, value };
    } catch (error) {
      reply = { kind: 'reply', id, ok: false, error: toErrorInfo(error) };
    }
    open.delete(id);
    parentPort?.postMessage(reply);
    onReply(method, params);
  });
}
