import { lazy } from '../../base/lazy.ts';
import { createMessagesChat, QUIET_ANTHROPIC_OPTIONS } from '../anthropic/anthropic-messages.ts';
import type { ChatModel } from '../chat-model.ts';
import { SDK_TIMEOUT_MS } from '../transport/stream-guard.ts';
import type { VertexContext } from './vertexai-context.ts';

/** Claude on Vertex AI: Anthropic's messages at Google's address, with Google's credentials. */
export function createVertexClaudeChat({ context, guard, auth, endpoint }: VertexContext): ChatModel {
  const client = lazy(async () => {
    const [{ AnthropicVertex }, { OAuth2Client }] = await Promise.all([
      import('@anthropic-ai/vertex-sdk'),
      import('google-auth-library'),
    ]);
    return new AnthropicVertex({
      ...QUIET_ANTHROPIC_OPTIONS,
      baseURL: `${endpoint.baseUrl}/v1`,
      region: endpoint.location,
      projectId: await auth.project(),
      // An empty client: the guard adds the token to each request, and the SDK does not look for one itself.
      authClient: Object.assign(new OAuth2Client(), { getRequestHeaders: async () => new Headers() }),
      fetch: guard.fetch,
      timeout: SDK_TIMEOUT_MS,
    });
  });
  return createMessagesChat({ context, guard, client });
}
