import { ProviderError } from '../../base/errors.ts';
import { lazy } from '../../base/lazy.ts';
import type { ChatEvent, ChatModel, ChatRequest } from '../chat-model.ts';
import type { CreateProvider } from '../connection.ts';
import { createVertexContext, type VertexContext } from './vertexai-context.ts';
import { routeModel } from './vertexai-endpoint.ts';
import { withVertexAdvice } from './vertexai-errors.ts';

/**
 * Vertex AI: Gemini and tuned endpoints over gRPC, Claude by Anthropic's protocol, and other publishers' models by chat
 * completions, each with its SDK imported on first use. Application-default credentials are sent only to Google's own
 * hosts. `baseUrl: http://127.0.0.1:PORT` reaches a local server, gRPC and REST on one port, without TLS and without
 * credentials.
 */
export const createVertexAiProvider: CreateProvider = (context) => {
  const vertex = createVertexContext(context);
  const chats = {
    gemini: lazy(async () => (await import('./vertexai-gemini.ts')).createGeminiChat(vertex)),
    claude: lazy(async () => (await import('./vertexai-claude.ts')).createVertexClaudeChat(vertex)),
    openai: lazy(async () => (await import('./vertexai-open-models.ts')).createVertexOpenModelsChat(vertex)),
  };
  // The project does not matter for the choice, and looking it up in the credentials would take a while.
  const choose = (request: ChatRequest) => {
    const route = routeModel(request.model, { project: '-', location: vertex.endpoint.location });
    const model = route.kind === 'gemini' ? request.model : route.model;
    return { chat: chats[route.kind], request: { ...request, model } };
  };
  return {
    chat: {
      async *stream(original, signal) {
        const { chat, request } = choose(original);
        yield* advise(vertex, { original, events: (await chat()).stream(request, signal) });
      },
      async countTokens(original, signal) {
        const { chat, request } = choose(original);
        const model: ChatModel = await chat();
        if (!model.countTokens) throw cannotCount(context.connection.id, original.model);
        return model.countTokens(request, signal);
      },
    },
    async listModels(signal) {
      const { listVertexModels } = await import('./vertexai-models.ts');
      return listVertexModels(vertex, signal);
    },
  };
};

/** The REST routes share their errors with other providers, whose hints are about keys. */
async function* advise(
  vertex: VertexContext,
  { original, events }: { original: ChatRequest; events: AsyncIterable<ChatEvent> },
): AsyncGenerator<ChatEvent> {
  try {
    yield* events;
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    const { project } = vertex.context.connection;
    throw withVertexAdvice(error, { ...vertex, redactor: vertex.guard.redactor, model: original.model, project });
  }
}

function cannotCount(connectionId: string, model: string): ProviderError {
  return new ProviderError(`${connectionId}: ${model} cannot count tokens.`, {
    code: 'bad-request',
    hint: 'An estimate is shown instead.',
    retryable: false,
  });
}
