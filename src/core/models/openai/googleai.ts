import type { CreateProvider } from '../connection.ts';
import { authHeader, createStreamGuard, SDK_TIMEOUT_MS } from '../wire/stream-guard.ts';
import {
  createOpenAiChat,
  listChatModels,
  NO_KEY,
  type OpenAiChatOptions,
  once,
  QUIET_OPTIONS,
} from './openai-chat.ts';
import type { ChatDialect } from './openai-request.ts';

export const GOOGLE_AI_BASE_URL = 'https://generativelanguage.googleapis.com/v1beta/openai';

/** The list also holds embedders, image, speech and live models. */
const CHATS = /^(gemini|gemma|learnlm)/;
const NOT_CHAT = /embedding|image|tts|live|audio|aqa|robotics|computer-use/;

const DIALECT: ChatDialect = {
  name: 'Gemini',
  maxTokensField: 'max_tokens',
  topK: false,
  // Gemini takes JSON Schema as it stands and holds the answer to it.
  structuredOutput: 'as-is',
  pdf: true,
  efforts: ['none', 'minimal', 'low', 'medium', 'high'],
  thoughtSignatures: true,
};

/** Gemini by API key, through its OpenAI-compatible endpoint. */
export const createGoogleAiProvider: CreateProvider = (context) => {
  const { apiKey, connection } = context;
  const guard = createStreamGuard(context, {
    authHeaders: () => authHeader('authorization', apiKey && `Bearer ${apiKey}`),
  });
  const options: OpenAiChatOptions = {
    context,
    guard,
    dialect: DIALECT,
    client: once(async () => {
      const { OpenAI } = await import('openai');
      const baseURL = connection.baseUrl ?? GOOGLE_AI_BASE_URL;
      return new OpenAI({
        ...QUIET_OPTIONS,
        apiKey: apiKey ?? NO_KEY,
        baseURL,
        fetch: guard.fetch,
        timeout: SDK_TIMEOUT_MS,
      });
    }),
  };
  return {
    chat: createOpenAiChat(options),
    async listModels(signal) {
      const models = await listChatModels(options, signal);
      // The endpoint lists `models/gemini-…` but takes and reports the bare name.
      return models
        .map((model) => ({ ...model, id: model.id.replace(/^models\//, '') }))
        .filter(({ id }) => CHATS.test(id) && !NOT_CHAT.test(id));
    },
  };
};
