import { isAbortError, ProviderError, UserError } from '../base/errors.ts';
import { isTooDeep, TOO_DEEP, writeDeepJson } from '../base/json/json-depth.ts';
import { didYouMean } from '../base/nearest-name.ts';
import { createRedactor } from '../base/secrets/redact.ts';
import type { ChatEvent, ChatModel, ChatWarning, ModelProvider, Usage } from './chat-model.ts';
import { AnswerRedactor } from './transport/answer-redactor.ts';
import { copyError, redactError } from './transport/errors/redact-error.ts';

export interface LazyChatOptions {
  /** Loads the SDK; called when the first stream is read. */
  open(): Promise<ModelProvider>;
  /** True if this type of connection can count tokens. */
  countsTokens: boolean;
  /** Removed from all output. */
  secrets: readonly string[];
  suggest(): Promise<string[]>;
  succeeded(): void;
  failed(error: unknown): void;
}

/** A model that costs nothing until it is used, and whose errors name the models that may have been meant. */
export function createLazyChat(options: LazyChatOptions): ChatModel {
  const redactor = options.secrets.length > 0 ? createRedactor(options.secrets) : undefined;
  const chat: ChatModel = {
    ...(redactor && { removeSecrets: redactor.removeSecrets }),
    prepare: async () => void (await options.open()),
    stream: (request, signal) => ({
      [Symbol.asyncIterator]: () =>
        new LazyEvents(options, {
          redactor: redactor && new AnswerRedactor(redactor),
          open: async () => (await options.open()).chat.stream(request, signal)[Symbol.asyncIterator](),
        }),
    }),
  };
  if (!options.countsTokens) return chat;
  return {
    ...chat,
    async countTokens(request, signal) {
      try {
        const provider = await options.open();
        if (provider.chat.countTokens) return await provider.chat.countTokens(request, signal);
      } catch (error) {
        throw await finish(error, options);
      }
      throw new UserError('This model cannot count tokens.', { code: 'bad-request', hint: 'Use the estimate.' });
    },
  };
}

interface LazySource {
  redactor: AnswerRedactor | undefined;
  open(): Promise<AsyncIterator<ChatEvent>>;
}

/** Not a generator, because that would cost more per event than all other work on it. */
class LazyEvents implements AsyncIterator<ChatEvent> {
  private readonly options: LazyChatOptions;
  private readonly source: LazySource;
  private events: AsyncIterator<ChatEvent> | undefined;
  private waiting: ChatEvent[] = [];
  private failure: { error: unknown } | undefined;
  private ended = false;
  private answered = false;

  constructor(options: LazyChatOptions, source: LazySource) {
    this.options = options;
    this.source = source;
  }

  async next(): Promise<IteratorResult<ChatEvent>> {
    while (this.waiting.length === 0 && !this.ended) {
      try {
        this.events ??= await this.source.open();
        const result = await this.events.next();
        if (result.done) this.end();
        else this.waiting = this.take(result.value);
      } catch (error) {
        this.failure = { error };
        this.end();
      }
    }
    const value = this.waiting.shift();
    if (value !== undefined) return { done: false, value };
    const { failure } = this;
    this.failure = undefined;
    if (failure) throw await finish(failure.error, this.options);
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<ChatEvent>> {
    this.ended = true;
    this.waiting = [];
    this.failure = undefined;
    await this.events?.return?.();
    return { done: true, value: undefined };
  }

  private take(event: ChatEvent): ChatEvent[] {
    if (!this.answered && event.type !== 'request' && event.type !== 'warning' && event.type !== 'retry') {
      this.answered = true;
      this.options.succeeded();
    }
    if (event.type === 'usage') return [{ type: 'usage', usage: onlyCounts(event.usage) }];
    const bounded = event.type === 'tool-call' ? boundToolCall(event) : [event];
    const { redactor } = this.source;
    return redactor ? bounded.flatMap((part) => redactor.take(part)) : bounded;
  }

  /** Text that the redactor held back comes before the error, if any. */
  private end(): void {
    this.ended = true;
    this.waiting = this.source.redactor?.flush() ?? [];
  }
}

/** Arguments that are nested too deeply are kept as text. */
function boundToolCall(call: Extract<ChatEvent, { type: 'tool-call' }>): ChatEvent[] {
  if (!isTooDeep(call.input)) return [call];
  const message = `The input of the tool call \`${call.name}\` ${TOO_DEEP}: it is kept as text.`;
  const warning: ChatWarning = { code: 'arguments-too-deep', message };
  return [
    { type: 'warning', warning },
    { ...call, input: writeDeepJson(call.input) },
  ];
}

/** A server may send any JSON for a number of tokens. */
function onlyCounts({ served, ...counts }: Usage): Usage {
  const known = Object.entries(counts).filter(([, count]) => Number.isFinite(count) && count >= 0);
  return { ...Object.fromEntries(known), ...(served === undefined ? {} : { served }) };
}

async function finish(error: unknown, options: LazyChatOptions): Promise<unknown> {
  if (isAbortError(error)) return error;
  const clean = redactError(error, options.secrets);
  options.failed(clean);
  if (!(clean instanceof ProviderError) || clean.code !== 'model-not-found') return clean;
  const suggestions = await options.suggest().catch(() => []);
  const hint = didYouMean(suggestions);
  return hint === undefined ? clean : copyError(clean, { message: clean.message, hint, suggestions });
}
