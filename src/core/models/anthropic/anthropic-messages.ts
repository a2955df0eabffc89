import type Anthropic from '@anthropic-ai/sdk';
import { throwIfAborted } from '../../base/abort.ts';
import { modelCapabilities } from '../catalogue/catalogue.ts';
import type { ChatModel } from '../chat-model.ts';
import type { ProviderContext } from '../connection.ts';
import { readAnthropicEvent, readServerEvents } from '../transport/chunk-source.ts';
import { badResponse, toProviderError } from '../transport/errors/provider-errors.ts';
import { streamFromSdk } from '../transport/sdk-stream.ts';
import type { Attempt, StreamGuard } from '../transport/stream-guard.ts';
import { type MessagesBody, mapMessagesRequest } from './anthropic-request.ts';
import { createMessagesMapper } from './anthropic-stream.ts';

/** The parts of the SDK's client that are used: Anthropic's own, and the one for Vertex AI. */
interface MessagesClient {
  messages: Pick<Anthropic['messages'], 'create' | 'countTokens'>;
}

interface MessagesChatOptions {
  context: ProviderContext;
  guard: StreamGuard;
  /** Imports the SDK and creates the client on first use, with `guard.fetch`. */
  client(): Promise<MessagesClient>;
}

/** Options that keep the SDK from retrying, logging and tracing on its own. */
export const QUIET_ANTHROPIC_OPTIONS = {
  maxRetries: 0,
  logLevel: 'off',
  webhookKey: null,
  openTelemetry: false,
  dangerouslyAllowBrowser: true,
} as const;

/** A ChatModel for the Messages API, for Anthropic itself and for Claude on Vertex AI. */
export function createMessagesChat({ context, guard, client }: MessagesChatOptions): ChatModel {
  const map = (request: Parameters<ChatModel['stream']>[0]) =>
    mapMessagesRequest(request, modelCapabilities(context.connection.type, request.model));
  return {
    stream(request, signal) {
      const { body, warnings } = map(request);
      const open = async (attempt: Attempt) => {
        const answer = (await client()).messages.create(body, guard.callOptions(attempt));
        return readServerEvents<Anthropic.MessageStreamEvent>(await answer.asResponse(), readAnthropicEvent);
      };
      return streamFromSdk(
        { context, guard, model: request.model, warnings, open, createMapper: createMessagesMapper },
        signal,
      );
    },
    async countTokens(request, signal) {
      const attempt = guard.begin(signal);
      const about = { context, redactor: guard.redactor, model: request.model };
      try {
        const body = toCountBody(map(request).body);
        const answer = await (await client()).messages.countTokens(body, guard.callOptions(attempt));
        if (typeof answer.input_tokens !== 'number') throw badResponse(about, 'sent no token count.');
        return answer.input_tokens;
      } catch (error) {
        throwIfAborted(signal);
        throw attempt.failure ?? toProviderError(error, about);
      } finally {
        attempt.end();
      }
    },
  };
}

/** Only what counts towards the input: sampling parameters and limits are rejected there. */
function toCountBody({
  model,
  messages,
  system,
  tools,
  thinking,
  output_config,
}: MessagesBody): Anthropic.MessageCountTokensParams {
  return {
    model,
    messages,
    ...(system === undefined ? {} : { system }),
    ...(tools === undefined ? {} : { tools: tools as Anthropic.MessageCountTokensTool[] }),
    ...(thinking === undefined ? {} : { thinking }),
    ...(output_config === undefined ? {} : { output_config }),
  };
}
