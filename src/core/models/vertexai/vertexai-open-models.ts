import { lazy } from '../../base/lazy.ts';
import type { ChatModel } from '../chat-model.ts';
import { createOpenAiChat, NO_KEY, QUIET_OPTIONS } from '../openai/openai-chat.ts';
import { compatibleDialect } from '../openai/openai-compatible.ts';
import { SDK_TIMEOUT_MS } from '../transport/stream-guard.ts';
import type { VertexContext } from './vertexai-context.ts';

/** Llama and other publishers' models on Vertex AI, through its OpenAI-compatible endpoint. */
export function createVertexOpenModelsChat({ context, guard, auth, endpoint }: VertexContext): ChatModel {
  const client = lazy(async () => {
    const { OpenAI } = await import('openai');
    const parent = `projects/${await auth.project()}/locations/${endpoint.location}`;
    return new OpenAI({
      ...QUIET_OPTIONS,
      apiKey: NO_KEY,
      baseURL: `${endpoint.baseUrl}/v1/${parent}/endpoints/openapi`,
      fetch: guard.fetch,
      timeout: SDK_TIMEOUT_MS,
    });
  });
  return createOpenAiChat({ context, guard, dialect: compatibleDialect('Vertex AI'), client });
}
