import type Anthropic from '@anthropic-ai/sdk';
import { throwIfAborted } from '../../base/abort.ts';
import type { ListedModel } from '../chat-model.ts';
import type { CreateProvider } from '../connection.ts';
import { NO_KEY, once } from '../openai/openai-chat.ts';
import { badResponse, toProviderError } from '../wire/provider-errors.ts';
import { authHeader, createStreamGuard, SDK_TIMEOUT_MS } from '../wire/stream-guard.ts';
import { createMessagesChat, QUIET_ANTHROPIC_OPTIONS } from './anthropic-messages.ts';

export const ANTHROPIC_BASE_URL = 'https://api.anthropic.com';
const PAGE_SIZE = 1000;

export const createAnthropicProvider: CreateProvider = (context) => {
  const { apiKey, connection } = context;
  const guard = createStreamGuard(context, { authHeaders: () => authHeader('x-api-key', apiKey) });
  const client = once(async () => {
    const { Anthropic: Client } = await import('@anthropic-ai/sdk');
    // The SDK appends /v1 itself, and many people write it.
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
        if (!Array.isArray(page.data)) throw badResponse(about, 'sent no list of models.');
        for await (const model of page) models.push(toListedModel(model));
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

function toListedModel(raw: Anthropic.ModelInfo): ListedModel {
  const model: ListedModel = { id: raw.id };
  if (raw.display_name) model.displayName = raw.display_name;
  if (raw.max_input_tokens) model.contextWindow = raw.max_input_tokens;
  if (raw.max_tokens) model.maxOutputTokens = raw.max_tokens;
  // An unknown release date is given as the epoch.
  if (raw.created_at && Date.parse(raw.created_at) > 0) model.createdAt = raw.created_at;
  if (raw.retires_at) model.sunsetDate = raw.retires_at.slice(0, 10);
  return model;
}
