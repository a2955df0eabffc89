import type { ChatEvent, ChatModel, ChatRequest } from '../../../src/core/models/chat-model.ts';
import type { Connection, ProviderContext } from '../../../src/core/models/connection.ts';

export function makeContext({
  connection = {},
  ...overrides
}: Partial<Omit<ProviderContext, 'connection'>> & { connection?: Partial<Connection> } = {}): ProviderContext {
  const quiet = () => undefined;
  return {
    connection: { id: 'test', type: 'openai', source: 'settings', headers: {}, ...connection },
    apiKey: undefined,
    headers: connection.headers ?? {},
    fetch: globalThis.fetch,
    network: { rejectUnauthorized: true },
    timeoutMs: 10_000,
    maxRetries: 0,
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    ...overrides,
  };
}

export function ask(text: string, overrides: Partial<ChatRequest> = {}): ChatRequest {
  return {
    model: 'test-model',
    messages: [{ role: 'user', parts: [{ type: 'text', text }] }],
    parameters: {},
    ...overrides,
  };
}

export interface Collected {
  events: ChatEvent[];
  text: string;
  reasoning: string;
  error: unknown;
}

/** Reads a stream to its end; an error is returned with the events before it. */
export async function collect(
  chat: ChatModel,
  request: ChatRequest,
  signal: AbortSignal = new AbortController().signal,
): Promise<Collected> {
  const collected: Collected = { events: [], text: '', reasoning: '', error: undefined };
  try {
    for await (const event of chat.stream(request, signal)) {
      collected.events.push(event);
      if (event.type === 'text-delta') collected.text += event.text;
      if (event.type === 'reasoning-delta') collected.reasoning += event.text;
    }
  } catch (error) {
    collected.error = error;
  }
  return collected;
}

export function only<T extends ChatEvent['type']>(
  events: readonly ChatEvent[],
  type: T,
): Extract<ChatEvent, { type: T }>[] {
  return events.filter((event): event is Extract<ChatEvent, { type: T }> => event.type === type);
}
