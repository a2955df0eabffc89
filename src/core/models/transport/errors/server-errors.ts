import { isRecord } from '../../../../shared/is-record.ts';
import { isTooDeep, TOO_DEEP } from '../../../base/json/json-depth.ts';
import { recordOf, textOf } from '../plain-json.ts';

/** An error inside a stream, in the shape of the SDKs' own. */
export class StreamError extends Error {
  readonly status = undefined;
  readonly headers: Headers | undefined;
  readonly error: unknown;

  constructor(detail: unknown, headers?: Headers) {
    super(typeof detail === 'string' ? detail : isTooDeep(detail) ? `The error ${TOO_DEEP}.` : JSON.stringify(detail));
    this.headers = headers;
    this.error = detail;
  }
}

/** A response that is not an answer: broken JSON, JSON that is not an object, or objects of another protocol. */
export class BadChunkError extends SyntaxError {
  readonly what: string;
  readonly data: string;

  constructor(what: string, data: string) {
    super(`The server sent ${what}.`);
    this.what = what;
    this.data = data;
  }
}

/** A stream that ended normally without any part of an answer: better an error than an empty success. */
export function noAnswer(chunk: unknown): BadChunkError {
  return new BadChunkError(
    'this instead of an answer:',
    isTooDeep(chunk) ? `data that ${TOO_DEEP}` : JSON.stringify(chunk ?? null),
  );
}

export function parseOrText(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return data;
  }
}

/** The object in a chunk. Throws an error that the server reports instead. */
export function readChunkObject(data: string, headers?: Headers): Record<string, unknown> {
  let chunk: unknown;
  try {
    chunk = JSON.parse(data);
  } catch {
    throw new BadChunkError('something that is not valid JSON:', data);
  }
  // Google's gateways wrap an error in a list.
  const first = Array.isArray(chunk) ? recordOf(chunk[0]) : recordOf(chunk);
  const error = first && errorIn(first);
  if (error !== undefined) throw new StreamError(error, headers);
  if (!isRecord(chunk)) throw new BadChunkError('a chunk that is not a JSON object:', data);
  return chunk;
}

/** A list of models: the SDKs return any body as one. Throws an error that the server reports instead. */
export function readList(answer: unknown): unknown {
  const list = typeof answer === 'string' ? parseOrText(answer.trim()) : answer;
  const error = isRecord(list) && list.data === undefined ? errorIn(list) : undefined;
  if (error !== undefined) throw new StreamError(error);
  return list;
}

/** An error that a chunk reports, in the ways that servers do so with status 200; undefined in a normal chunk. */
function errorIn(chunk: Record<string, unknown>): unknown {
  if (chunk.error) return chunk.error;
  // vLLM, SGLang and FastChat; Anthropic's and OpenAI's own events.
  if (chunk.object === 'error' || chunk.type === 'error') return chunk;
  const groq = recordOf(chunk.x_groq)?.error;
  if (groq) return groq;
  const base = recordOf(chunk.base_resp);
  if (base && base.status_code !== 0 && base.status_code !== undefined)
    return { message: textOf(base.status_msg) ?? `error ${String(base.status_code)}`, code: String(base.status_code) };
  // FastAPI's `detail` and the `message` of API gateways occur alone: a chunk of an answer has other fields.
  const isAnswer = ['choices', 'type', 'usage', 'object', 'output', 'id'].some((key) => chunk[key] !== undefined);
  const says =
    textOf(chunk.message) ?? textOf(chunk.detail) ?? (Array.isArray(chunk.detail) ? chunk.detail : undefined);
  return isAnswer || says === undefined ? undefined : chunk;
}
