import type OpenAI from 'openai';
import { throwIfAborted } from '../../base/abort.ts';
import type { ProviderError } from '../../base/errors.ts';
import { modelCapabilities } from '../catalogue/catalogue.ts';
import type { ChatModel, ChatWarning, ListedModel } from '../chat-model.ts';
import type { Connection, ProviderContext } from '../connection.ts';
import { readOpenAiEvent, readServerEvents } from '../transport/chunk-source.ts';
import { badResponse, toProviderError } from '../transport/errors/provider-errors.ts';
import { readList } from '../transport/errors/server-errors.ts';
import { streamFromSdk } from '../transport/sdk-stream.ts';
import type { Attempt, StreamGuard } from '../transport/stream-guard.ts';
import type { ChatDialect } from './openai-messages.ts';
import { type ChatBody, mapChatRequest } from './openai-request.ts';
import { mapResponsesRequest } from './openai-responses.ts';
import { createResponsesMapper } from './openai-responses-stream.ts';
import { type ChatChunk, createChatMapper } from './openai-stream.ts';

type ResponseStreamEvent = OpenAI.Responses.ResponseStreamEvent;

/** The parts of the SDK's client that are used here, so that any client with chat completions will do. */
export type ChatClient = Pick<OpenAI, 'chat' | 'get' | 'responses'>;

export interface OpenAiChatOptions {
  context: ProviderContext;
  guard: StreamGuard;
  dialect: ChatDialect;
  /** Imports the SDK and creates the client on first use, with `guard.fetch`. */
  client(): Promise<ChatClient>;
  /** The server also supports OpenAI's Responses API. */
  responses?: boolean;
}

/** Options that keep the SDK from reading its environment variables or retrying, logging and timing on its own. */
export const QUIET_OPTIONS = {
  organization: null,
  project: null,
  adminAPIKey: null,
  webhookSecret: null,
  maxRetries: 0,
  logLevel: 'off',
  // The extension host defines browser globals in some builds, which the SDK takes for a browser.
  dangerouslyAllowBrowser: true,
} as const;

/** The SDK does not start without a key; the guard removes this one from every request. */
export const NO_KEY = 'no-key';

/**
 * A ChatModel for chat completions, the protocol that every server of this family supports. If `responses` is set,
 * OpenAI's own reasoning models use the Responses API instead: chat completions do not support tools for them.
 */
export function createOpenAiChat({ context, guard, dialect, client, responses = false }: OpenAiChatOptions): ChatModel {
  const streamOptions = createStreamOptions(context.connection);
  return {
    stream(request, signal) {
      const can = modelCapabilities(context.connection.type, request.model);
      const shared = { context, guard, model: request.model };
      if (responses && can?.api === 'responses') {
        const { body, warnings } = mapResponsesRequest(request, dialect, can);
        const open = async (attempt: Attempt) => {
          const answer = (await client()).responses.create(body, guard.callOptions(attempt));
          return readServerEvents<ResponseStreamEvent>(await answer.asResponse(), readOpenAiEvent);
        };
        return streamFromSdk({ ...shared, warnings, open, createMapper: createResponsesMapper }, signal);
      }
      const { body, warnings } = mapChatRequest(request, dialect, can);
      let asked = false;
      const open = async (attempt: Attempt) => {
        const sent = streamOptions.apply(body);
        asked = sent.stream_options !== undefined;
        const answer = (await client()).chat.completions.create(sent, guard.callOptions(attempt));
        return readServerEvents<ChatChunk>(await answer.asResponse(), readOpenAiEvent);
      };
      // Gemini includes its thoughts in the total only, whatever the connection.
      const hiddenReasoning = dialect.thoughtSignatures || /\bgemini/i.test(request.model);
      const createMapper = () => createChatMapper({ hiddenReasoning });
      const yieldTo = body.stream_options
        ? (failure: ProviderError) => (asked ? streamOptions.yieldTo(failure, body) : undefined)
        : undefined;
      return streamFromSdk({ ...shared, warnings, open, createMapper, yieldTo }, signal);
    },
  };
}

/** A model in `GET /models`, with the fields that different servers add to OpenAI's. */
interface RawModel {
  id?: unknown;
  name?: unknown;
  display_name?: unknown;
  created?: unknown;
  shutdown_date?: unknown;
  max_model_len?: unknown;
  context_length?: unknown;
  context_window?: unknown;
}

/** The server's own list; `{ data }` on most servers, a bare array on some. */
export async function listChatModels(
  { context, guard, client }: OpenAiChatOptions,
  signal: AbortSignal,
): Promise<ListedModel[]> {
  const attempt = guard.begin(signal);
  const about = { context, redactor: guard.redactor };
  try {
    const answer = readList(await (await client()).get('/models', guard.callOptions(attempt)));
    const list: unknown = Array.isArray(answer) ? answer : readData(answer);
    if (!Array.isArray(list)) throw badResponse(about, 'sent no list of models.');
    return list.flatMap((model: RawModel | null) => toListedModel(model));
  } catch (error) {
    throwIfAborted(signal);
    throw attempt.failure ?? toProviderError(error, about);
  } finally {
    attempt.end();
  }
}

/** Ollama sends `data: null` if it has no model yet. */
function readData(answer: unknown): unknown {
  if (typeof answer !== 'object' || answer === null || !('data' in answer)) return undefined;
  return answer.data ?? [];
}

function toListedModel(raw: RawModel | null): ListedModel[] {
  if (typeof raw?.id !== 'string' || raw.id === '') return [];
  const model: ListedModel = { id: raw.id };
  const name = [raw.display_name, raw.name].find((value) => typeof value === 'string' && value !== raw.id);
  if (typeof name === 'string') model.displayName = name;
  const window = [raw.max_model_len, raw.context_length, raw.context_window].find((value) => typeof value === 'number');
  if (typeof window === 'number') model.contextWindow = window;
  const created = new Date(typeof raw.created === 'number' && raw.created > 0 ? raw.created * 1000 : Number.NaN);
  if (!Number.isNaN(created.getTime())) model.createdAt = created.toISOString();
  if (typeof raw.shutdown_date === 'string') model.sunsetDate = raw.shutdown_date.slice(0, 10);
  return [model];
}

/** Whether a connection's server gets `stream_options` to request token counts, which some servers reject. */
function createStreamOptions({ streamOptions }: Pick<Connection, 'streamOptions'>) {
  let asks = streamOptions !== false;
  return {
    apply(body: ChatBody): ChatBody {
      if (asks) return body;
      const { stream_options: _, ...rest } = body;
      return rest;
    },
    /** Omits the option from now on if the server rejected a request because of it. */
    yieldTo(failure: ProviderError, body: ChatBody): ChatWarning | undefined {
      // Concurrent requests are rejected one after the other.
      if (!isRefusal(failure, Object.keys(body))) return undefined;
      asks = false;
      return REFUSED;
    },
  };
}

const EXTRA = /extra[ _](inputs|fields|forbidden)|(unknown|unrecognized|unexpected) (key|field|argument|param)/i;

/** Mistral and Groq name the field; strict gateways report only an extra field, which may be another one. */
function isRefusal({ status, message }: ProviderError, fields: readonly string[]): boolean {
  const isInvalid = status === 400 || status === 422;
  if (/stream_options|include_usage/.test(message)) return isInvalid || status === undefined;
  const namesAnother = fields.some((field) => field !== 'stream' && message.includes(field));
  return isInvalid && EXTRA.test(message) && !namesAnother;
}

const REFUSED: ChatWarning = {
  code: 'parameter-unsupported',
  message:
    'The server refused stream_options, so the request was sent again without it. Set "streamOptions: false" on the connection to leave it out from the start; token counts may then be estimates.',
};
