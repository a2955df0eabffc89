import type { CreateProvider } from '../connection.ts';
import { bearerChatOptions } from './bearer-client.ts';
import { createOpenAiChat, listChatModels } from './openai-chat.ts';
import type { ChatDialect } from './openai-messages.ts';

const GOOGLE_AI_BASE_URL = 'https://generativelanguage.googleapis.com/v1beta/openai';

/** The list also contains embedding, image, speech and live models. */
const CHATS = /^(gemini|gemma|learnlm)/;
const NOT_CHAT = /embedding|image|tts|live|audio|aqa|robotics|computer-use/;

const DIALECT: ChatDialect = {
  name: 'Gemini',
  maxTokensField: 'max_tokens',
  topK: false,
  // Gemini accepts JSON Schema unchanged and enforces it.
  structuredOutput: 'as-is',
  pdf: true,
  efforts: ['none', 'minimal', 'low', 'medium', 'high'],
  thoughtSignatures: true,
};

/** Gemini by API key, through its OpenAI-compatible endpoint. */
export const createGoogleAiProvider: CreateProvider = (context) => {
  const baseUrl = context.connection.baseUrl ?? GOOGLE_AI_BASE_URL;
  const options = bearerChatOptions(context, { baseUrl, dialect: DIALECT });
  return {
    chat: createOpenAiChat(options),
    async listModels(signal) {
      const models = await listChatModels(options, signal);
      // The endpoint lists `models/gemini-…` but accepts and reports the bare name.
      return models
        .map((model) => ({ ...model, id: model.id.replace(/^models\//, '') }))
        .filter(({ id }) => CHATS.test(id) && !NOT_CHAT.test(id));
    },
  };
};
