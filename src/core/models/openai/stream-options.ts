import type { ProviderError } from '../../base/errors.ts';
import type { ChatWarning } from '../chat-model.ts';
import type { Connection } from '../connection.ts';
import type { ChatBody } from './openai-request.ts';

/** Whether a connection's server gets `stream_options` to request token counts, which some servers reject. */
interface StreamOptions {
  apply(body: ChatBody): ChatBody;
  /** Omits the option from now on if the server rejected a request because of it. */
  yieldTo(failure: ProviderError, body: ChatBody): ChatWarning | undefined;
}

export function createStreamOptions({ streamOptions }: Pick<Connection, 'streamOptions'>): StreamOptions {
  let asks = streamOptions !== false;
  return {
    apply(body) {
      if (asks) return body;
      const { stream_options: _, ...rest } = body;
      return rest;
    },
    yieldTo(failure, body) {
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
