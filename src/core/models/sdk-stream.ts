import { abortError, sleep, throwIfAborted } from '../base/abort.ts';
import { isAbortError, type ProviderError, toErrorInfo } from '../base/errors.ts';
import { createRetryBudget } from '../base/retry.ts';
import type { ChatEvent, ChatWarning } from './chat-model.ts';
import type { ProviderContext } from './connection.ts';
import { badResponse, type ErrorContext, streamCut, toProviderError } from './provider-errors.ts';
import type { Attempt, StreamGuard } from './stream-guard.ts';

/** Maps one provider's chunks to events; a new one for every attempt. */
export interface StreamMapper<Chunk> {
  /** Appends the chunk's events to `out`. */
  map(chunk: Chunk, out: ChatEvent[]): void;
  /** Appends what was held back, with `finish` last; false when the provider never said that it was done. */
  end(out: ChatEvent[]): boolean;
}

export interface SdkStream<Chunk> {
  context: ProviderContext;
  guard: StreamGuard;
  model: string;
  warnings: readonly ChatWarning[];
  open(attempt: Attempt): Promise<AsyncIterable<Chunk>>;
  createMapper(): StreamMapper<Chunk>;
}

/**
 * One request through an SDK, whose own retries are off: retried here until the first chunk, each wait told.
 * After the first chunk nothing is retried, since the user has already seen a part of the answer.
 */
export async function* streamFromSdk<Chunk>(source: SdkStream<Chunk>, signal: AbortSignal): AsyncGenerator<ChatEvent> {
  const budget = createRetryBudget(source.context.maxRetries);
  for (let first = true; ; first = false) {
    throwIfAborted(signal);
    const progress = { started: false };
    const attempt = source.guard.begin(signal);
    let failure: ProviderError;
    try {
      yield* runAttempt(source, attempt, { first, progress });
      return;
    } catch (error) {
      if (signal.aborted) throw abortError();
      failure = explain(error, attempt, { ...source, redactor: source.guard.redactor }, progress.started);
    } finally {
      attempt.end();
    }
    const retry = !progress.started && isWorthRetrying(failure) ? budget.next(failure.retryAfterMs) : undefined;
    if (retry === undefined) throw failure;
    source.context.log.info(`${failure.message} — trying again in ${retry.waitMs} ms.`);
    yield { type: 'retry', attempt: retry.attempt, waitMs: retry.waitMs, error: toErrorInfo(failure) };
    await sleep(retry.waitMs, signal);
  }
}

async function* runAttempt<Chunk>(
  source: SdkStream<Chunk>,
  attempt: Attempt,
  { first, progress }: { first: boolean; progress: { started: boolean } },
): AsyncGenerator<ChatEvent> {
  const opening = source.open(attempt);
  const sent = await Promise.race([attempt.sent, opening.then(() => undefined)]);
  // Handled by the await below; without this the consumer's pause at the next yield would make it unhandled.
  opening.catch(() => undefined);
  if (sent) yield { type: 'request', ...sent };
  if (first) for (const warning of source.warnings) yield { type: 'warning', warning };

  const mapper = source.createMapper();
  const out: ChatEvent[] = [];
  for await (const chunk of await opening) {
    progress.started = true;
    yield { type: 'raw', chunk };
    mapper.map(chunk, out);
    for (const event of out) yield event;
    out.length = 0;
  }
  // Both SDKs end a stream in silence when its request was aborted.
  if (attempt.signal.aborted) throw attempt.failure ?? abortError();
  const about = { ...source, redactor: source.guard.redactor };
  if (!progress.started) throw badResponse(about, describeSample(attempt.sample));
  const complete = mapper.end(out);
  if (!complete) throw streamCut(about);
  yield* out;
}

function explain(error: unknown, attempt: Attempt, about: ErrorContext, started: boolean): ProviderError {
  if (attempt.failure) return attempt.failure;
  if (isAbortError(error) && started) return streamCut(about, error);
  const failure = toProviderError(error, about);
  const connectionLost = failure.code === 'network' || failure.code === 'timeout';
  return started && connectionLost ? streamCut(about, error) : failure;
}

function isWorthRetrying(failure: ProviderError): boolean {
  // A silent provider is not asked again: that would multiply the user's own time limit.
  return failure.retryable && failure.code !== 'timeout';
}

function describeSample(sample: string): string {
  const text = sample.replace(/\s+/g, ' ').trim();
  if (text === '') return 'sent an empty answer.';
  if (/^<(!doctype|html|\?xml)/i.test(text)) return 'sent a web page instead of an answer.';
  return `sent no stream of events but: ${text.slice(0, 120)}`;
}
