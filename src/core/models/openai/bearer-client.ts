import { lazy } from '../../base/lazy.ts';
import type { ProviderContext } from '../connection.ts';
import { authHeader, createStreamGuard, SDK_TIMEOUT_MS } from '../transport/stream-guard.ts';
import { NO_KEY, type OpenAiChatOptions, QUIET_OPTIONS } from './openai-chat.ts';

/** A client of OpenAI's protocol that authenticates with a bearer key; the SDK is loaded with the first request. */
export function bearerChatOptions(
  context: ProviderContext,
  { baseUrl, ...rest }: { baseUrl: string } & Pick<OpenAiChatOptions, 'dialect' | 'responses'>,
): OpenAiChatOptions {
  const { apiKey } = context;
  const guard = createStreamGuard(context, {
    authHeaders: () => authHeader('authorization', apiKey && `Bearer ${apiKey}`),
  });
  return {
    context,
    guard,
    ...rest,
    client: lazy(async () => {
      const { OpenAI } = await import('openai');
      return new OpenAI({
        ...QUIET_OPTIONS,
        apiKey: apiKey ?? NO_KEY,
        baseURL: baseUrl,
        fetch: guard.fetch,
        timeout: SDK_TIMEOUT_MS,
      });
    }),
  };
}
