import { isTooDeep, TOO_DEEP } from '../../base/json-depth.ts';
import { createSseDecoder } from './sse.ts';

/** Takes a chunk, and its JSON where it came as text. */
export type TakeChunk<Chunk> = (chunk: Chunk, json?: string) => void;

/** The chunks of one answer, as many at a time as came together: a promise for each would cost more than reading it. */
export interface ChunkSource<Chunk> {
  /** Waits for more and hands it on; false after the last. */
  read(take: TakeChunk<Chunk>): Promise<boolean>;
}

/** What closes a stream before its connection does. */
export const END = Symbol('end');
/** What one event means in a provider's protocol; undefined where it tells nothing. Throws what the server reports. */
export type ReadEvent<Chunk> = (event: string, data: string, headers: Headers) => Chunk | typeof END | undefined;

/** The answer of a request that an SDK has made and whose status it has checked. */
export function readServerEvents<Chunk>(response: Response, readEvent: ReadEvent<Chunk>): ChunkSource<Chunk> {
  // Held as long as it is read: Anthropic's SDK forgets the abort signal of a body that nobody holds.
  const { body, headers } = response;
  const bytes = body?.[Symbol.asyncIterator]();
  const decoder = createSseDecoder();
  return {
    async read(take) {
      let ended = body === null;
      const takeEvent = (event: string, data: string) => {
        if (ended) return;
        const chunk = readEvent(event, data, headers);
        if (chunk === END) ended = true;
        else if (chunk !== undefined) take(chunk, data);
      };
      const next = await bytes?.next();
      if (next?.done === false) decoder.push(next.value, takeEvent);
      else decoder.end(takeEvent);
      return next?.done === false && !ended;
    },
  };
}

/** For clients that decode by themselves. */
export function readIterable<Chunk>(chunks: AsyncIterable<Chunk>): ChunkSource<Chunk> {
  const iterator = chunks[Symbol.asyncIterator]();
  return {
    async read(take) {
      const next = await iterator.next();
      if (!next.done) take(next.value);
      return !next.done;
    },
  };
}

/** An error that came inside a stream, in the shape of the SDKs' own. */
export class StreamError extends Error {
  readonly status = undefined;
  readonly headers: Headers;
  readonly error: unknown;

  constructor(detail: unknown, headers: Headers) {
    super(typeof detail === 'string' ? detail : isTooDeep(detail) ? `The error ${TOO_DEEP}.` : JSON.stringify(detail));
    this.headers = headers;
    this.error = detail;
  }
}

/** OpenAI's streams, of chat completions and of the Responses API, and those of servers that speak its protocol. */
export function readOpenAiEvent<Chunk>(event: string, data: string, headers: Headers): Chunk | typeof END | undefined {
  if (data === '[DONE]') return END;
  if (data === '') return undefined;
  const chunk = JSON.parse(data) as Chunk & { error?: unknown };
  if (event === 'error') throw new StreamError(chunk?.error ?? chunk, headers);
  if (chunk?.error) throw new StreamError(chunk.error, headers);
  return chunk;
}

/** The Messages API names every event; a ping only says that the connection stands. */
export function readAnthropicEvent<Chunk>(event: string, data: string, headers: Headers): Chunk | undefined {
  if (event === '' || event === 'ping') return undefined;
  if (event === 'error') throw new StreamError(parseOrText(data), headers);
  return data === '' ? undefined : (JSON.parse(data) as Chunk);
}

function parseOrText(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return data;
  }
}
