import { UserError } from '../../base/errors.ts';
import { lazy } from '../../base/lazy.ts';
import type { Connection, CreateProvider } from '../connection.ts';
import { authHeader, createStreamGuard, SDK_TIMEOUT_MS, type StreamGuard } from '../transport/stream-guard.ts';
import {
  type ChatClient,
  createOpenAiChat,
  listChatModels,
  NO_KEY,
  type OpenAiChatOptions,
  QUIET_OPTIONS,
} from './openai-chat.ts';
import type { ChatDialect } from './openai-messages.ts';

/** The last dated version of Azure's inference API that is generally available. */
const DEFAULT_API_VERSION = '2024-10-21';

const DIALECT: ChatDialect = {
  name: 'Azure OpenAI',
  maxTokensField: 'max_completion_tokens',
  topK: false,
  structuredOutput: 'strict',
  pdf: false,
  thoughtSignatures: false,
};

/** Azure's model ids are the names of deployments; the newer `/openai/v1` addresses need no api-version. */
export const createAzureOpenAiProvider: CreateProvider = (context) => {
  const { apiKey, connection } = context;
  const guard = createStreamGuard(context, { authHeaders: () => authHeader('api-key', apiKey) });
  const options: OpenAiChatOptions = {
    context,
    guard,
    dialect: DIALECT,
    client: lazy(() => createClient(connection, { apiKey, guard })),
  };
  return {
    chat: createOpenAiChat(options),
    /** Azure lists the models that a resource could deploy, not its deployments: the call only validates the key. */
    async listModels(signal) {
      await listChatModels(options, signal);
      return (connection.models ?? []).map((id) => ({ id }));
    },
  };
};

async function createClient(
  connection: Connection,
  { apiKey = NO_KEY, guard }: { apiKey: string | undefined; guard: StreamGuard },
): Promise<ChatClient> {
  const { AzureOpenAI, OpenAI } = await import('openai');
  const base = connection.baseUrl?.replace(/\/+$/, '');
  if (base === undefined) {
    throw new UserError(`The connection '${connection.id}' has no base URL.`, {
      code: 'invalid-connection',
      hint: 'Set it to the address of the Azure resource, such as https://NAME.openai.azure.com.',
    });
  }
  const shared = { ...QUIET_OPTIONS, apiKey, fetch: guard.fetch, timeout: SDK_TIMEOUT_MS };
  if (base.endsWith('/openai/v1')) return new OpenAI({ ...shared, baseURL: base });
  const baseURL = /\/openai(\/|$)/.test(new URL(base).pathname) ? base : `${base}/openai`;
  return new AzureOpenAI({ ...shared, baseURL, apiVersion: connection.apiVersion ?? DEFAULT_API_VERSION });
}
