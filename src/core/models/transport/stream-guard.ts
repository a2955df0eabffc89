import { abortError } from '../../base/abort.ts';
import { ProviderError } from '../../base/errors.ts';
import type { Fetch } from '../../base/ports.ts';
import { isSecretHeader, type Redactor } from '../../base/secrets/redact.ts';
import type { ProviderContext } from '../connection.ts';
import {
  type BodyLimits,
  type BodyMeter,
  createBodyMeter,
  LIST_LIMITS,
  MAX_ERROR_BYTES,
  readText,
  STREAM_LIMITS,
} from './body-limit.ts';
import { badResponse, createProviderRedactor, describeWait, type ErrorContext } from './errors/provider-errors.ts';
import { isWebPage, WEB_PAGE } from './web-page.ts';

/** Headers of the SDK that are sent; others come from its environment variables or describe the machine. */
const SDK_HEADERS = new Set(['accept', 'content-type', 'anthropic-version', 'anthropic-beta']);
const AUTH_HEADERS = new Set(['authorization', 'x-api-key', 'api-key']);
/** The longest delay of a Node timer: the SDK's own timeout is off, silence is detected here. */
export const SDK_TIMEOUT_MS = 2_147_483_647;
/** The default for how long a server may keep a connection alive without content. */
const DEFAULT_CONTENT_TIMEOUT_MS = 600_000;
/** Long enough that a long key at its end is never shown cut, where it would not be recognized. */
const SAMPLE_BYTES = 4000;

interface SentRequest {
  url: string;
  headers: Record<string, string>;
  body: unknown;
}

/** One attempt of one request: its abort signal, its watch on silence, and what was transferred. */
export interface Attempt {
  readonly signal: AbortSignal;
  /** Resolves when the SDK calls fetch. */
  readonly sent: Promise<SentRequest>;
  /** Why this side ended the attempt: silence, or a response that is not an answer. */
  readonly failure: ProviderError | undefined;
  /** The first bytes of the body, to report what a server sent instead of a stream. */
  readonly sample: string;
  /** Called for each piece of the answer: keep-alives and empty deltas show a live server, but only for some time. */
  noteContent(): void;
  /** Releases the timer and the listener, and closes the connection if it is still open. */
  end(): void;
}

/** What every SDK gets: a fetch that sends exactly the configured headers, and attempts to monitor requests with. */
export interface StreamGuard {
  fetch: Fetch;
  redactor: Redactor;
  begin(signal: AbortSignal): Attempt;
  /** Options for one SDK call: they carry the attempt to `fetch` and abort with it. */
  callOptions(attempt: Attempt): {
    signal: AbortSignal;
    maxRetries: 0;
    timeout: number;
    fetchOptions: { [key: string]: unknown };
  };
}

interface GuardOptions {
  /** Authentication headers instead of the SDK's; `undefined` keeps the SDK's own Authorization. */
  authHeaders: (() => Record<string, string> | Promise<Record<string, string>>) | undefined;
}

export class WatchedAttempt implements Attempt {
  readonly sent: Promise<SentRequest>;
  reportSent: (request: SentRequest) => void = () => undefined;
  failure: ProviderError | undefined;
  sample = '';
  private readonly controller = new AbortController();
  private readonly userSignal: AbortSignal;
  private readonly context: ProviderContext;
  private readonly onUserAbort = () => this.controller.abort(abortError());
  private timer: NodeJS.Timeout | undefined;
  /** The start of the current wait. */
  private waitingSince = performance.now();
  private waiting = true;
  /** The time of the last content, or the start of the attempt. */
  private contentAt = performance.now();
  private meter: BodyMeter | undefined;
  received = false;

  constructor(context: ProviderContext, userSignal: AbortSignal) {
    this.context = context;
    this.userSignal = userSignal;
    this.sent = new Promise((resolve) => {
      this.reportSent = resolve;
    });
    if (userSignal.aborted) this.onUserAbort();
    userSignal.addEventListener('abort', this.onUserAbort, { once: true });
    this.watch();
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  end(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.userSignal.removeEventListener('abort', this.onUserAbort);
    this.controller.abort(abortError());
  }

  noteContent(): void {
    this.contentAt = performance.now();
    this.meter?.restart();
  }

  /** Monitors a body without copying it: only the times and sizes of its chunks and the first bytes are recorded. */
  watchBody(
    body: ReadableStream<Uint8Array>,
    limits: BodyLimits,
  ): AsyncIterable<Uint8Array> & { cancel(): Promise<void> } {
    const meter = createBodyMeter(limits);
    this.meter = meter;
    return {
      cancel: () => body.cancel(),
      [Symbol.asyncIterator]: () => {
        const reader = body.getReader();
        // The chain of signals from here to the body is cut where an SDK or fetch holds a part of it weakly.
        this.onAbort(() => void reader.cancel().catch(() => undefined));
        const note = (result: Awaited<ReturnType<typeof reader.read>>): IteratorResult<Uint8Array> => {
          this.waiting = false;
          if (result.done) {
            if (this.signal.aborted) throw this.signal.reason;
            return { done: true, value: undefined };
          }
          this.received = true;
          if (this.sample.length < SAMPLE_BYTES) this.keepSample(result.value);
          if (meter.fits(result.value)) return result;
          this.failure ??= tooLargeError(this.context);
          void reader.cancel().catch(() => undefined);
          throw this.failure;
        };
        return {
          next: () => {
            this.mark(true);
            return reader.read().then(note);
          },
          return: async () => {
            await reader.cancel().catch(() => undefined);
            return { done: true, value: undefined };
          },
        };
      },
    };
  }

  private onAbort(act: () => void): void {
    if (this.signal.aborted) act();
    else this.signal.addEventListener('abort', act, { once: true });
  }

  private keepSample(bytes: Uint8Array): void {
    this.sample += Buffer.from(bytes.subarray(0, SAMPLE_BYTES)).toString('utf8');
    this.sample = this.sample.slice(0, SAMPLE_BYTES);
  }

  /** Time counts as silence only while something is awaited, not while the reader is busy elsewhere. */
  mark(waiting: boolean): void {
    this.waiting = waiting;
    if (waiting) this.waitingSince = performance.now();
  }

  /** One timer per attempt, moved on when it fires, instead of one per chunk. */
  private watch(): void {
    const { timeoutMs } = this.context;
    const contentMs = contentTimeoutOf(this.context);
    const silentLeft = timeoutMs - (this.waiting ? performance.now() - this.waitingSince : 0);
    // Counts only once the server has shown that it is alive: until then the other limit applies.
    const contentLeft = contentMs - (this.waiting && this.received ? performance.now() - this.contentAt : 0);
    this.timer = setTimeout(
      () => {
        const now = performance.now();
        const isSilent = this.waiting && now - this.waitingSince + 1 >= timeoutMs;
        const isEmpty = this.waiting && this.received && now - this.contentAt + 1 >= contentMs;
        if (!isSilent && !isEmpty) return this.watch();
        this.failure = isSilent ? timeoutError(this.context, this.received) : contentTimeoutError(this.context);
        this.controller.abort(this.failure);
      },
      Math.max(1, Math.min(silentLeft, contentLeft)),
    );
  }
}

/** A limit below the one for silence would end requests that the other allows. */
function contentTimeoutOf({ timeoutMs, contentTimeoutMs = DEFAULT_CONTENT_TIMEOUT_MS }: ProviderContext): number {
  return Math.min(SDK_TIMEOUT_MS, Math.max(timeoutMs, contentTimeoutMs));
}

function contentTimeoutError(context: ProviderContext): ProviderError {
  const wait = describeWait(contentTimeoutOf(context));
  return new ProviderError(
    `${context.connection.id}: the server kept the connection alive, but sent no part of an answer for ${wait}.`,
    {
      code: 'timeout',
      hint: "Try again, or allow more time: 'contentTimeoutMs' of the connection, or the setting llmops.request.contentTimeoutSeconds.",
      retryable: true,
    },
  );
}

function tooLargeError({ connection }: ProviderContext): ProviderError {
  return new ProviderError(`${connection.id}: the response exceeded the size limit for an answer and was stopped.`, {
    code: 'bad-response',
    hint: 'Check the base URL of the connection, or set a lower maxOutputTokens.',
    retryable: false,
  });
}

function timeoutError(context: ProviderContext, received: boolean): ProviderError {
  const what = received ? 'sent nothing more' : 'did not start to answer';
  return new ProviderError(
    `${context.connection.id}: the provider ${what} within ${describeWait(context.timeoutMs)}.`,
    {
      code: 'timeout',
      hint: "Try again, or allow more time: 'timeoutMs' of the connection, or the setting llmops.request.timeoutSeconds.",
      retryable: true,
    },
  );
}

/** Wraps the context's fetch: exact headers, no redirects, every request and silence monitored. */
export function createStreamGuard(context: ProviderContext, { authHeaders }: GuardOptions): StreamGuard {
  const redactor = createProviderRedactor(context);
  const attempts = new WeakMap<object, WatchedAttempt>();

  const guardedFetch: Fetch = async (input, init) => {
    const headers = keepOwnHeaders(new Headers(init?.headers), authHeaders === undefined);
    for (const [name, value] of Object.entries((await authHeaders?.()) ?? {})) headers.set(name, value);
    headers.set('user-agent', 'llmops-workbench');
    for (const [name, value] of Object.entries(context.headers)) headers.set(name, value);
    const url = typeof input === 'string' ? input : input instanceof URL ? input.href : input.url;
    const attempt = init === undefined ? undefined : attempts.get(attemptKey(init));
    attempt?.reportSent({
      url: redactor.redact(url),
      headers: shownHeaders(headers, redactor),
      body: readBody(init, redactor),
    });
    attempt?.mark(true);
    // A redirect could carry the key to another origin, so it is an error that names the target.
    // The attempt's own signal: Anthropic's SDK forgets to pass it on once its body was garbage-collected.
    const signal = attempt?.signal ?? init?.signal ?? null;
    const response = await context.fetch(input, { ...init, signal, headers, redirect: 'manual' });
    attempt?.mark(false);
    if (attempt && response.body) watchResponse(response, response.body, { attempt, about: { context, redactor } });
    return response;
  };

  return {
    fetch: guardedFetch,
    redactor,
    begin: (signal) => new WatchedAttempt(context, signal),
    callOptions(attempt) {
      const key = {};
      if (attempt instanceof WatchedAttempt) attempts.set(key, attempt);
      return { signal: attempt.signal, maxRetries: 0, timeout: SDK_TIMEOUT_MS, fetchOptions: { attemptKey: key } };
    },
  };
}

/** Streams are read from `body`, lists and errors by `text` or `json`: all of them within time and size limits. */
function watchResponse(
  response: Response,
  body: ReadableStream<Uint8Array>,
  { attempt, about }: { attempt: WatchedAttempt; about: ErrorContext },
): void {
  const text = async () => {
    if (!response.ok) return readText(attempt.watchBody(body, STREAM_LIMITS), MAX_ERROR_BYTES);
    const content = await readText(attempt.watchBody(body, LIST_LIMITS));
    if (!isWebPage(content)) return content;
    attempt.failure = badResponse(about, WEB_PAGE);
    throw attempt.failure;
  };
  Object.defineProperties(response, {
    body: { value: response.ok ? attempt.watchBody(body, STREAM_LIMITS) : body },
    text: { value: text },
    json: { value: async () => JSON.parse(await text()) as unknown },
  });
}

/** No header at all if there is no key: local servers accept requests without one. */
export function authHeader(name: string, value: string | undefined): Record<string, string> {
  return value ? { [name]: value } : {};
}

/** Both SDKs copy `fetchOptions` into the init of their fetch call, which is how an attempt is found again. */
function attemptKey(init: RequestInit): object {
  const key = 'attemptKey' in init ? init.attemptKey : undefined;
  return typeof key === 'object' && key !== null ? key : init;
}

/** OPENAI_CUSTOM_HEADERS and ANTHROPIC_CUSTOM_HEADERS cannot be disabled in the SDKs, so they are dropped here. */
function keepOwnHeaders(headers: Headers, keepAuth: boolean): Headers {
  const allowed = new Headers();
  headers.forEach((value, name) => {
    if (SDK_HEADERS.has(name) || (keepAuth && AUTH_HEADERS.has(name))) allowed.set(name, value);
  });
  return allowed;
}

function shownHeaders(headers: Headers, redactor: Redactor): Record<string, string> {
  const shown: Record<string, string> = {};
  headers.forEach((value, name) => {
    if (!isSecretHeader(name)) shown[name] = redactor.redact(value);
  });
  return shown;
}

function readBody(init: RequestInit | undefined, redactor: Redactor): unknown {
  if (typeof init?.body !== 'string') return undefined;
  try {
    return JSON.parse(redactor.removeSecrets(init.body));
  } catch {
    return undefined;
  }
}
