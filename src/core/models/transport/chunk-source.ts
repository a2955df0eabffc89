import { isRecord } from '../../../shared/is-record.ts';
import { createBodyReader } from './body-reader.ts';
import { BadChunkError, parseOrText, readChunkObject, StreamError } from './errors/server-errors.ts';

/** Handles a chunk, and its JSON if it came as text. */
type HandleChunk<Chunk> = (chunk: Chunk, json?: string) => void;

/** The chunks of one answer, grouped as they arrived: a promise for each would cost more than reading it. */
export interface ChunkSource<Chunk> {
  /** Waits for more and passes it on; false after the last. */
  read(take: HandleChunk<Chunk>): Promise<boolean>;
  /** True once the server has marked its answer as complete: by `[DONE]`, or by sending it in one piece. */
  readonly isComplete?: boolean;
}

/** What closes a stream before its connection does. */
const END = Symbol('end');
/** The meaning of an event in a provider's protocol, if it has one. Throws an error that the server reports. */
export type ReadEvent<Chunk> = (event: string, data: string, headers: Headers) => Chunk | typeof END | undefined;

/** An SDK's response, with a checked status. A server that ignores `stream: true` sends one document: one chunk. */
export function readServerEvents<Chunk>(response: Response, readEvent: ReadEvent<Chunk>): ChunkSource<Chunk> {
  const { body, headers } = response;
  const bytes = body?.[Symbol.asyncIterator]();
  const reader = createBodyReader();
  let ended = body === null;
  let isComplete = false;
  let hasChunk = false;
  return {
    get isComplete() {
      return isComplete;
    },
    async read(take) {
      const takeEvent = (event: string, data: string) => {
        if (ended) return;
        const chunk = readEvent(event, data, headers);
        if (chunk === END) {
          ended = true;
          isComplete = true;
        } else if (chunk !== undefined) {
          hasChunk = true;
          take(chunk, data);
        }
      };
      const next = await bytes?.next();
      if (next?.done === false) reader.push(next.value, takeEvent);
      else {
        reader.end((event, data) => {
          try {
            takeEvent(event, data);
          } catch (error) {
            // The connection ended in the middle of it: its meaning depends on the chunks before it.
            if (!hasChunk || reader.isDocument || !isCut(error)) throw error;
          }
        });
        if (reader.isDocument) isComplete = true;
      }
      return next?.done === false && !ended;
    },
  };
}

function isCut(error: unknown): boolean {
  return error instanceof BadChunkError && /^\s*\{/.test(error.data) && !/\}\s*$/.test(error.data);
}

/** For clients that decode on their own. */
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

/** OpenAI's streams, of chat completions and of the Responses API, and those of compatible servers. */
export function readOpenAiEvent<Chunk>(event: string, data: string, headers: Headers): Chunk | typeof END | undefined {
  const text = data.trim();
  if (text === '[DONE]') return END;
  if (event === 'error') throw new StreamError(reportedBy(text), headers);
  return text === '' ? undefined : (readChunkObject(text, headers) as Chunk);
}

/** The Messages API names every event; compatible servers omit the name, and have the type only in the data. */
export function readAnthropicEvent<Chunk>(
  event: string,
  data: string,
  headers: Headers,
): Chunk | typeof END | undefined {
  const text = data.trim();
  if (text === '[DONE]') return END;
  if (event === 'error') throw new StreamError(parseOrText(text), headers);
  if (event === 'ping' || text === '') return undefined;
  const chunk = readChunkObject(text, headers);
  if (chunk.type === 'ping') return undefined;
  const type = chunk.type ?? (event === '' || event === 'message' ? undefined : event);
  return type === undefined ? undefined : ({ ...chunk, type } as Chunk);
}

function reportedBy(text: string): unknown {
  const value = parseOrText(text);
  return isRecord(value) ? (value.error ?? value) : value;
}
