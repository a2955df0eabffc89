import type { ProviderError } from '../../base/errors.ts';
import type { ChatWarning } from '../chat-model.ts';
import type { Connection } from '../connection.ts';
import type { ChatBody } from './openai-request.ts';

/** Whether a connection's server is asked for token counts by `stream_options`, which some refuse. */
export interface StreamOptions {
  apply(body: ChatBody): ChatBody;
  /** Leaves the option out from now on where the server refused a request because of it. */
  yieldTo(failure: ProviderError): ChatWarning | undefined;
}

export function createStreamOptions({ streamOptions }: Pick<Connection, 'streamOptions'>): StreamOptions {
  let asks = streamOptions !== false;
  return {
    apply(body) {
      if (asks) return body;
      const { stream_options: _, ...rest } = body;
      return rest;
    },
    yieldTo(failure) {
      if (!asks || !isRefusal(failure)) return undefined;
      asks = false;
      return REFUSED;
    },
  };
}

/** Mistral and Groq name the field; strict gateways only say that something extra was sent. */
function isRefusal({ status, message }: ProviderError): boolean {
  const isInvalid = status === 400 || status === 422;
  if (/stream_options|include_usage/.test(message)) return isInvalid || status === undefined;
  return (
    isInvalid &&
    /extra[ _](inputs|fields|forbidden)|(unknown|unrecognized|unexpected) (key|field|argument|param)/i.test(message)
  );
}

const REFUSED: ChatWarning = {
  code: 'parameter-unsupported',
  message:
    'The server refuses stream_options and was asked again without. Set "streamOptions: false" on the connection to leave it out at once; without it token counts may be estimates.',
};
