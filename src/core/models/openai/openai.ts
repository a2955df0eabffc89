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

export const OPENAI_BASE_URL = 'https://api.openai.com/v1';

/** OpenAI's list holds every model; these do not chat. */
const NOT_CHAT =
  /embedding|whisper|tts|dall-e|image|moderation|realtime|audio|transcribe|davinci|babbage|sora|computer-use|instruct|-live|deep-research/;

const DIALECT: ChatDialect = {
  name: 'OpenAI',
  maxTokensField: 'max_completion_tokens',
  topK: false,
  structuredOutput: 'strict',
  pdf: true,
  thoughtSignatures: false,
};

export const createOpenAiProvider: CreateProvider = (context) => {
  const { apiKey, connection } = context;
  const guard = createStreamGuard(context, {
    authHeaders: () => authHeader('authorization', apiKey && `Bearer ${apiKey}`),
  });
  const options: OpenAiChatOptions = {
    context,
    guard,
    dialect: DIALECT,
    responses: true,
    client: once(async () => {
      const { OpenAI } = await import('openai');
      const baseURL = connection.baseUrl ?? OPENAI_BASE_URL;
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
      return models.filter(({ id }) => !NOT_CHAT.test(id));
    },
  };
};
