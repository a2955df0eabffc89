import type Anthropic from '@anthropic-ai/sdk';
import { isRecord } from '../../../shared/is-record.ts';
import { throwIfAborted } from '../../base/abort.ts';
import { lazy } from '../../base/lazy.ts';
import type { ListedModel } from '../chat-model.ts';
import type { CreateProvider } from '../connection.ts';
import { NO_KEY } from '../openai/openai-chat.ts';
import { badResponse, toProviderError } from '../transport/errors/provider-errors.ts';
import { readList } from '../transport/errors/server-errors.ts';
import { authHeader, createStreamGuard, SDK_TIMEOUT_MS } from '../transport/stream-guard.ts';
import { MOST_MODELS } from '../transport/structured/clean-list.ts';
import { createMessagesChat, QUIET_ANTHROPIC_OPTIONS } from './anthropic-messages.ts';

const ANTHROPIC_BASE_URL = 'https://api.anthropic.com';
const PAGE_SIZE = 1000;

export const createAnthropicProvider: CreateProvider = (context) => {
  const { apiKey, connection } = context;
  const guard = createStreamGuard(context, { authHeaders: () => authHeader('x-api-key', apiKey) });
  const client = lazy(async () => {
    const { Anthropic: Client } = await import('@anthropic-ai/sdk');
    // The SDK appends /v1 itself, and many people include it.
    const baseURL = (connection.baseUrl ?? ANTHROPIC_BASE_URL).replace(/\/v1\/?$/, '');
    return new Client({
      ...QUIET_ANTHROPIC_OPTIONS,
      // A key given in code keeps the SDK from looking for others in the environment and in profiles on disk.
      apiKey: apiKey ?? NO_KEY,
      baseURL,
      fetch: guard.fetch,
      timeout: SDK_TIMEOUT_MS,
    });
  });
  return {
    chat: createMessagesChat({ context, guard, client }),
    async listModels(signal) {
      const attempt = guard.begin(signal);
      const about = { context, redactor: guard.redactor };
      try {
        const models: ListedModel[] = [];
        const page = await (await client()).models.list({ limit: PAGE_SIZE }, guard.callOptions(attempt));
        // The SDK turns any response into an empty page.
        const { body } = page as unknown as { body: unknown };
        const answer = readList(body);
        if (!isRecord(answer) || !Array.isArray(answer.data)) throw badResponse(about, 'sent no list of models.');
        for await (const model of page) {
          models.push(...toListedModel(model));
          // A server can send pages endlessly; one more than are shown is enough to know that there are more.
          if (models.length > MOST_MODELS) break;
        }
        return models;
      } catch (error) {
        throwIfAborted(signal);
        throw attempt.failure ?? toProviderError(error, about);
      } finally {
        attempt.end();
      }
    },
  };
};

/** Servers that imitate Anthropic's protocol may send anything. */
function toListedModel(raw: Partial<Record<keyof Anthropic.ModelInfo, unknown>> | null): ListedModel[] {
  if (typeof raw?.id !== 'string' || raw.id === '') return [];
  const model: ListedModel = { id: raw.id };
  if (typeof raw.display_name === 'string') model.displayName = raw.display_name;
  if (typeof raw.max_input_tokens === 'number') model.contextWindow = raw.max_input_tokens;
  if (typeof raw.max_tokens === 'number') model.maxOutputTokens = raw.max_tokens;
  // An unknown release date is given as the epoch.
  if (typeof raw.created_at === 'string' && Date.parse(raw.created_at) > 0) model.createdAt = raw.created_at;
  if (typeof raw.retires_at === 'string') model.sunsetDate = raw.retires_at.slice(0, 10);
  return [model];
}
