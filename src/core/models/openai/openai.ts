import type { CreateProvider } from '../connection.ts';
import { bearerChatOptions } from './bearer-client.ts';
import { createOpenAiChat, listChatModels } from './openai-chat.ts';
import type { ChatDialect } from './openai-messages.ts';

const OPENAI_BASE_URL = 'https://api.openai.com/v1';

/** OpenAI's list contains every model; these are not chat models. */
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
  const baseUrl = context.connection.baseUrl ?? OPENAI_BASE_URL;
  const options = bearerChatOptions(context, { baseUrl, dialect: DIALECT, responses: true });
  return {
    chat: createOpenAiChat(options),
    async listModels(signal) {
      const models = await listChatModels(options, signal);
      return models.filter(({ id }) => !NOT_CHAT.test(id));
    },
  };
};
