import { abortError, sleep, throwIfAborted } from '../../base/abort.ts';
import { isAbortError, type ProviderError, toErrorInfo } from '../../base/errors.ts';
import { createRetryBudget, type RetryBudget } from '../../base/retry.ts';
import type { ChatEvent, ChatWarning } from '../chat-model.ts';
import type { ProviderContext } from '../connection.ts';
import { LONGEST_ANSWER_BYTES } from './body-limit.ts';
import type { ChunkSource } from './chunk-source.ts';
import {
  answerTooLong,
  badResponse,
  type ErrorContext,
  sampleOf,
  streamCut,
  toProviderError,
} from './errors/provider-errors.ts';
import type { Attempt, StreamGuard } from './stream-guard.ts';
import { isWebPage, WEB_PAGE } from './web-page.ts';

/** Maps one provider's chunks to events; a new one for every attempt. */
export interface StreamMapper<Chunk> {
  /** Appends the chunk's events to `out`. */
  map(chunk: Chunk, out: ChatEvent[]): void;
  /** Appends held events, then `finish`; false if neither a chunk nor the transport (`isComplete`) reported the end. */
  end(out: ChatEvent[], isComplete?: boolean): boolean;
  /** The number of received characters that are held back: arguments of tool calls. */
  readonly held?: number;
}

interface SdkStream<Chunk> {
  context: ProviderContext;
  guard: StreamGuard;
  model: string;
  warnings: readonly ChatWarning[];
  open(attempt: Attempt): Promise<ChunkSource<Chunk>>;
  createMapper(): StreamMapper<Chunk>;
  /** Changes the next request if the server rejected an optional part of it; undefined if it cannot. */
  yieldTo?(failure: ProviderError): ChatWarning | undefined;
}

/** `alive` events are sent once there was no content for this long, and no more often. */
const ALIVE_MS = 500;

/**
 * One request through an SDK, whose own retries are off: retried here until the first chunk, each wait reported. After
 * the first chunk nothing is retried, since the user has already seen a part of the answer.
 */
export function streamFromSdk<Chunk>(source: SdkStream<Chunk>, signal: AbortSignal): AsyncIterable<ChatEvent> {
  return { [Symbol.asyncIterator]: () => new SdkEvents(source, signal) };
}

/** The phase of a stream: each phase is one step that waits for one thing. */
type Phase<Chunk> =
  | { at: 'begin' }
  | { at: 'opening'; opening: Promise<ChunkSource<Chunk>> }
  | { at: 'reading'; chunks: ChunkSource<Chunk>; mapper: StreamMapper<Chunk>; started: boolean }
  | { at: 'waiting'; ms: number }
  | { at: 'failed'; error: unknown }
  | { at: 'done' };

/** Not a generator, because two nested ones cost as much processor time as the SDK itself. */
class SdkEvents<Chunk> implements AsyncIterator<ChatEvent> {
  private readonly source: SdkStream<Chunk>;
  private readonly signal: AbortSignal;
  private readonly budget: RetryBudget;
  private readonly about: ErrorContext;
  private phase: Phase<Chunk> = { at: 'begin' };
  private attempt: Attempt | undefined;
  private attempts = 0;
  private queue: ChatEvent[] = [];
  private read = 0;
  private yielded = false;
  /** The time of the last content or `alive` event. */
  private aliveAt = performance.now();

  constructor(source: SdkStream<Chunk>, signal: AbortSignal) {
    this.source = source;
    this.signal = signal;
    this.budget = createRetryBudget(source.context.maxRetries);
    this.about = { context: source.context, redactor: source.guard.redactor, model: source.model };
  }

  next(): Promise<IteratorResult<ChatEvent>> {
    const value = this.queue[this.read];
    // The rest of the last chunk is dropped after the user cancelled.
    const stopped = this.phase.at === 'reading' && this.signal.aborted;
    if (value === undefined || stopped) return this.advance();
    this.read += 1;
    return Promise.resolve({ done: false, value });
  }

  /** The reader stopped early: the connection is closed, not drained. */
  async return(): Promise<IteratorResult<ChatEvent>> {
    this.phase = { at: 'done' };
    this.attempt?.end();
    return { done: true, value: undefined };
  }

  private async advance(): Promise<IteratorResult<ChatEvent>> {
    this.queue = [];
    this.read = 0;
    while (this.queue.length === 0) {
      const { phase } = this;
      if (phase.at === 'done') return { done: true, value: undefined };
      if (phase.at === 'failed') {
        this.phase = { at: 'done' };
        throw phase.error;
      }
      try {
        await this.step(phase);
      } catch (error) {
        this.recover(error, phase);
      }
    }
    return this.next();
  }

  private async step(phase: Exclude<Phase<Chunk>, { at: 'done' | 'failed' }>): Promise<void> {
    switch (phase.at) {
      case 'begin':
        return this.begin();
      case 'opening': {
        const chunks = await phase.opening;
        this.phase = { at: 'reading', chunks, mapper: this.source.createMapper(), started: false };
        return;
      }
      case 'waiting':
        await sleep(phase.ms, this.signal);
        this.phase = { at: 'begin' };
        return;
      case 'reading': {
        let hasContent = false;
        const more = await phase.chunks.read((chunk, json) => {
          phase.started = true;
          hasContent = this.take(phase.mapper, { chunk, json }) || hasContent;
        });
        if (hasContent) this.noteContent();
        if (!more) this.end(phase);
        else if (!hasContent) this.emitAlive();
      }
    }
  }

  /** True if the chunk contained a part of the answer. */
  private take(mapper: StreamMapper<Chunk>, { chunk, json }: { chunk: Chunk; json: string | undefined }): boolean {
    this.queue.push({ type: 'raw', chunk, json });
    const at = this.queue.length;
    const held = mapper.held ?? 0;
    mapper.map(chunk, this.queue);
    const heldNow = mapper.held ?? 0;
    if (heldNow > LONGEST_ANSWER_BYTES) throw answerTooLong(this.source.context);
    if (heldNow > held) return true;
    for (let index = at; index < this.queue.length; index += 1) if (isContent(this.queue[index])) return true;
    return false;
  }

  private noteContent(): void {
    this.attempt?.noteContent();
    this.aliveAt = performance.now();
  }

  private emitAlive(): void {
    const now = performance.now();
    if (now - this.aliveAt < ALIVE_MS) return;
    this.aliveAt = now;
    this.queue.push({ type: 'alive' });
  }

  private async begin(): Promise<void> {
    throwIfAborted(this.signal);
    this.attempts += 1;
    this.aliveAt = performance.now();
    const attempt = this.source.guard.begin(this.signal);
    this.attempt = attempt;
    const opening = this.source.open(attempt);
    // It is awaited in the next step, which the reader may request late.
    opening.catch(() => undefined);
    const sent = await Promise.race([attempt.sent, opening.then(() => undefined)]);
    if (sent) this.queue.push({ type: 'request', ...sent });
    if (this.attempts === 1) for (const warning of this.source.warnings) this.queue.push({ type: 'warning', warning });
    this.phase = { at: 'opening', opening };
  }

  private end({ chunks, mapper, started }: Extract<Phase<Chunk>, { at: 'reading' }>): void {
    const { attempt } = this;
    // Both SDKs end a stream silently when its request was aborted.
    if (attempt?.signal.aborted) throw attempt.failure ?? abortError();
    if (!started) throw badResponse(this.about, describeSample(sampleOf(attempt?.sample ?? '', this.about)));
    if (!mapper.end(this.queue, chunks.isComplete)) throw streamCut(this.about);
    attempt?.end();
    this.phase = { at: 'done' };
  }

  /** Decides what a thrown error means: cancelled, worth another attempt, or the end. */
  private recover(error: unknown, phase: Phase<Chunk>): void {
    const { attempt } = this;
    attempt?.end();
    if (this.signal.aborted) {
      this.phase = { at: 'failed', error: abortError() };
      return;
    }
    const started = phase.at === 'reading' && phase.started;
    const failure = explain(error, attempt, { about: this.about, started });
    const change = started || this.yielded ? undefined : this.source.yieldTo?.(failure);
    if (change) {
      this.yielded = true;
      this.queue.push({ type: 'warning', warning: change });
      this.phase = { at: 'begin' };
      return;
    }
    const retry = !started && isWorthRetrying(failure) ? this.budget.next(failure.retryAfterMs) : undefined;
    if (retry === undefined) {
      this.phase = { at: 'failed', error: failure };
      return;
    }
    this.source.context.log.info(`${failure.message} Trying again in ${retry.waitMs} ms.`);
    this.queue.push({ type: 'retry', attempt: retry.attempt, waitMs: retry.waitMs, error: toErrorInfo(failure) });
    this.phase = { at: 'waiting', ms: retry.waitMs };
  }
}

function explain(
  error: unknown,
  attempt: Attempt | undefined,
  { about, started }: { about: ErrorContext; started: boolean },
): ProviderError {
  if (attempt?.failure) return attempt.failure;
  if (isAbortError(error) && started) return streamCut(about, error);
  // A stack overflow while its data was read.
  if (error instanceof RangeError) return badResponse(about, 'sent data that is nested too deeply.');
  const failure = toProviderError(error, about);
  const connectionLost = failure.code === 'network' || failure.code === 'timeout';
  return started && connectionLost ? streamCut(about, error) : failure;
}

function isWorthRetrying(failure: ProviderError): boolean {
  // A silent provider is not tried again: that would multiply the user's own time limit.
  return failure.retryable && failure.code !== 'timeout';
}

function isContent(event: ChatEvent | undefined): boolean {
  switch (event?.type) {
    case 'text-delta':
      return event.text !== '';
    case 'reasoning-delta':
      return event.text !== '' || event.signature !== undefined;
    default:
      return event?.type === 'tool-call';
  }
}

function describeSample(text: string): string {
  if (text === '') return 'sent an empty answer.';
  if (isWebPage(text)) return WEB_PAGE;
  if (/^data: ?\[DONE\]$/.test(text)) return 'ended its stream without an answer.';
  return `sent this instead of a stream of events: ${text}`;
}
