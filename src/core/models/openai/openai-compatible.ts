import type { ListedModel } from '../chat-model.ts';
import type { CreateProvider } from '../connection.ts';
import { bearerChatOptions } from './bearer-client.ts';
import { createOpenAiChat, listChatModels, type OpenAiChatOptions } from './openai-chat.ts';
import type { ChatDialect } from './openai-messages.ts';

/** What vLLM, TGI, Ollama, LM Studio and the compatible endpoints of clouds have in common; Llama on Vertex AI too. */
export function compatibleDialect(name: string): ChatDialect {
  return {
    name,
    maxTokensField: 'max_tokens',
    topK: true,
    structuredOutput: 'as-is',
    pdf: true,
    thoughtSignatures: false,
  };
}

/** Any server that supports chat completions; the key is optional, its own headers are sent with every request. */
export const createOpenAiCompatibleProvider: CreateProvider = (context) => {
  const { connection } = context;
  const dialect = compatibleDialect(connection.id);
  const options = bearerChatOptions(context, { baseUrl: connection.baseUrl ?? '', dialect });
  return {
    chat: createOpenAiChat(options),
    async listModels(signal) {
      return withDeclared(await listOrDeclared(options, signal), connection.models);
    },
  };
};

/** A server without a list endpoint (404) still offers what its connection declares. */
async function listOrDeclared(options: OpenAiChatOptions, signal: AbortSignal): Promise<ListedModel[]> {
  try {
    return await listChatModels(options, signal);
  } catch (error) {
    const status = error instanceof Error && 'status' in error ? error.status : undefined;
    if (options.context.connection.models?.length && (status === 404 || status === 405)) return [];
    throw error;
  }
}

export function withDeclared(listed: ListedModel[], declared: readonly string[] = []): ListedModel[] {
  const known = new Set(listed.map(({ id }) => id));
  return [...declared.filter((id) => !known.has(id)).map((id) => ({ id })), ...listed];
}
