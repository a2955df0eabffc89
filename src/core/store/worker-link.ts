import { Worker } from 'node:worker_threads';
import { type ErrorInfo, UserError } from '../base/errors.ts';
import type { Log } from '../base/ports.ts';
import {
  encodedAnswer,
  type StoreMethod,
  type StoreMethods,
  type StoreReply,
  type StoreRequest,
  type StoreWorkerData,
} from './messages.ts';

interface LinkOptions {
  url: URL;
  data: StoreWorkerData;
  log: Log;
  now: () => number;
}

export interface WorkerLink {
  call<M extends StoreMethod>(
    method: M,
    ...args: Parameters<StoreMethods[M]>
  ): Promise<Awaited<ReturnType<StoreMethods[M]>>>;
  /** What happened to the thread itself, for `status().notices`. */
  notices: string[];
  /** Closes the database and ends the thread; every later call is rejected. */
  end(): Promise<void>;
}

interface Pending {
  resolve(value: unknown): void;
  reject(error: UserError): void;
}

/** A thread that dies rejects what it owed; the next call starts it again, once. */
const MAX_STARTS = 2;

/** Its garbage is large texts, passed on and done with: kept small, or each of them would count many times over. */
const LIMITS = { maxYoungGenerationSizeMb: 8 };

/** Requests and replies of one worker thread, which keeps the process alive only while something is owed. */
export function connectWorker({ url, data, log, now }: LinkOptions): WorkerLink {
  const pending = new Map<number, Pending>();
  const notices: string[] = [];
  let worker: Worker | undefined;
  let starts = 0;
  let ending: Promise<void> | undefined;
  let nextSeq = 1;

  function start(): Worker {
    if (starts >= MAX_STARTS) {
      throw new UserError(`The thread that keeps the database ${data.path} stopped twice.`, {
        code: 'store',
        hint: 'See the log for the reason, then reload the window.',
      });
    }
    starts += 1;
    // Flags of the process (a debugger's, a loader's) are not meant for this thread.
    const started = new Worker(url, { workerData: data, execArgv: [], resourceLimits: LIMITS });
    let failure: unknown;
    started.on('message', (reply: StoreReply) => settle(started, reply));
    started.on('error', (error) => {
      failure = error;
    });
    started.on('exit', (code) => {
      if (worker === started) lose(failure ?? `exit code ${code}`);
    });
    worker = started;
    return started;
  }

  function settle(from: Worker, reply: StoreReply): void {
    const waiting = pending.get(reply.seq);
    pending.delete(reply.seq);
    if (pending.size === 0) from.unref();
    if (reply.ok) waiting?.resolve(reply.value);
    else waiting?.reject(toUserError(reply.error));
  }

  function lose(reason: unknown): void {
    worker = undefined;
    log.error(`The store's thread stopped unexpectedly (${data.path}).`, reason);
    notices.push('The thread that keeps the history stopped unexpectedly; what was being saved then may be missing.');
    const error = new UserError(`The thread that keeps the database ${data.path} stopped.`, {
      code: 'store',
      hint: 'Try again: it is started anew. The log has the reason.',
      cause: reason,
    });
    for (const waiting of pending.values()) waiting.reject(error);
    pending.clear();
  }

  function send<M extends StoreMethod>(target: Worker, method: M, args: Parameters<StoreMethods[M]>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const request: StoreRequest<M> = { seq: nextSeq++, at: now(), method, args };
      pending.set(request.seq, { resolve, reject });
      target.ref();
      try {
        target.postMessage(request, handedOver(args));
      } catch (cause) {
        // A value that cannot be cloned, such as a function.
        settle(target, { seq: request.seq, ok: false, error: { code: 'store', message: describeUnclonable(cause) } });
      }
    });
  }

  async function endWorker(target: Worker): Promise<void> {
    await send(target, 'close', []).catch((error) => log.warn(`Closing the store failed: ${String(error)}`));
    worker = undefined;
    await target.terminate();
  }

  return {
    notices,
    call: async (method, ...args) => {
      if (ending) throw new UserError('The store is closed.', { code: 'store', hint: 'Reload the window.' });
      return (await send(worker ?? start(), method, args)) as never;
    },
    end() {
      ending ??= worker ? endWorker(worker) : Promise.resolve();
      return ending;
    },
  };
}

/** Encoded answers change hands, and are not copied. */
function handedOver(args: readonly unknown[]): ArrayBuffer[] {
  return args.flat().flatMap((item) => encodedAnswer(item)?.buffer ?? []);
}

function describeUnclonable(cause: unknown): string {
  return `What was to be stored is not plain data: ${cause instanceof Error ? cause.message : String(cause)}`;
}

function toUserError({ code, message, hint, action }: ErrorInfo): UserError {
  const details: ConstructorParameters<typeof UserError>[1] = { code: code === 'internal' ? 'store' : code };
  if (hint !== undefined) details.hint = hint;
  if (action !== undefined) details.action = action;
  return new UserError(message, details);
}
