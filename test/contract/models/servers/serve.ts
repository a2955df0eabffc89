import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll } from 'vitest';
import { createAnthropicProvider } from '../../../../src/core/models/anthropic/anthropic.ts';
import type { ChatRequest, Usage } from '../../../../src/core/models/chat-model.ts';
import type { Connection, CreateProvider, ProviderContext } from '../../../../src/core/models/connection.ts';
import { createGoogleAiProvider } from '../../../../src/core/models/openai/googleai.ts';
import { createOpenAiProvider } from '../../../../src/core/models/openai/openai.ts';
import { createOpenAiCompatibleProvider } from '../../../../src/core/models/openai/openai-compatible.ts';
import { ask, collect, makeContext, only } from '../../../unit/models/make-context.ts';
import { type Reply, type ScriptedServer, startScriptedServer } from '../http-server.ts';

const CREATE: Record<string, CreateProvider> = {
  'openai-compatible': createOpenAiCompatibleProvider,
  openai: createOpenAiProvider,
  googleai: createGoogleAiProvider,
  anthropic: createAnthropicProvider,
};

export interface Answered {
  text: string;
  reasoning: string;
  calls: { id: string; name: string; input: unknown }[];
  usage: Usage | undefined;
  finish: { reason: string; rawReason: string | undefined } | undefined;
  warnings: string[];
  error: { code: string; message: string; status?: number } | undefined;
  /** The bodies of the received requests. */
  bodies: Record<string, unknown>[];
  alive: number;
}

export interface Asking extends Partial<Pick<ProviderContext, 'timeoutMs' | 'contentTimeoutMs' | 'maxRetries'>> {
  type?: 'openai-compatible' | 'openai' | 'googleai' | 'anthropic';
  connection?: Partial<Connection>;
  request?: Partial<ChatRequest>;
}

export interface Server {
  /** What the provider's SDK reads from exactly these replies. A text is the body of an event stream. */
  ask(replies: string | Reply | readonly Reply[], asking?: Asking): Promise<Answered>;
  /** One provider for several requests, like a connection. */
  open(asking?: Asking): { ask(replies: string | Reply | readonly Reply[]): Promise<Answered> };
}

export const json = (body: unknown, status = 200): Reply => ({
  kind: 'body',
  status,
  headers: { 'content-type': 'application/json' },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

/** A stream with these chunks as data; texts are sent unchanged. */
export function sse(...chunks: unknown[]): string {
  return chunks.map((chunk) => `data: ${typeof chunk === 'string' ? chunk : JSON.stringify(chunk)}\n\n`).join('');
}

export const delta = (fields: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1_764_000_000,
  model: 'served',
  choices: [{ index: 0, delta: fields, finish_reason: null, ...more }],
});
export const stop = (reason = 'stop') => delta({}, { finish_reason: reason });
export const usage = (counts: Record<string, unknown>) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  model: 'served',
  choices: [],
  usage: counts,
});

/** A local server for the tests of one file. */
export function useServer(): Server {
  let server: ScriptedServer;
  beforeAll(async () => {
    server = await startScriptedServer();
  });
  afterAll(() => server.close());
  const open = ({ type = 'openai-compatible', connection, request, ...context }: Asking = {}) => {
    const path = type === 'anthropic' ? '' : '/v1';
    const provider = CREATE[type]?.(
      makeContext({ apiKey: 'k-000000', connection: { type, baseUrl: server.url + path, ...connection }, ...context }),
    );
    if (!provider) throw new Error(`no provider ${type}`);
    return {
      async ask(replies: string | Reply | readonly Reply[]): Promise<Answered> {
        const list = typeof replies === 'string' ? [{ kind: 'body' as const, body: replies }] : [replies].flat();
        server.script(...list);
        const { events, text, reasoning, error } = await collect(provider.chat, ask('Hello', request));
        return {
          text,
          reasoning,
          calls: only(events, 'tool-call').map(({ id, name, input }) => ({ id, name, input })),
          usage: only(events, 'usage').at(-1)?.usage,
          finish: only(events, 'finish').map(({ reason, rawReason }) => ({ reason, rawReason }))[0],
          warnings: only(events, 'warning').map(({ warning }) => `${warning.code}: ${warning.message}`),
          error: error as Answered['error'],
          bodies: server.seen.map(({ body }) => body as Record<string, unknown>),
          alive: only(events, 'alive').length,
        };
      },
    };
  };
  return { open, ask: (replies, asking) => open(asking).ask(replies) };
}

/** Writes as long as the client reads, and no faster. */
export function pour(block: Buffer, response: ServerResponse): void {
  const more = () => {
    if (response.destroyed) return;
    if (response.write(block)) setImmediate(more);
    else response.once('drain', more);
  };
  more();
}
