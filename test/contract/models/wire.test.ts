import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createAnthropicProvider } from '../../../src/core/models/anthropic/anthropic.ts';
import type { CreateProvider } from '../../../src/core/models/connection.ts';
import { createAzureOpenAiProvider } from '../../../src/core/models/openai/azure-openai.ts';
import { createGoogleAiProvider } from '../../../src/core/models/openai/googleai.ts';
import { createOpenAiProvider } from '../../../src/core/models/openai/openai.ts';
import { createOpenAiCompatibleProvider } from '../../../src/core/models/openai/openai-compatible.ts';
import { ask, collect, makeContext, only } from '../../unit/models/make-context.ts';
import { serverCertificate } from '../tls-fixture.ts';
import { type ScriptedServer, startScriptedServer } from './http-server.ts';
import { chatRecordings, messagesRecordings } from './recordings.ts';

const KEY = 'sk-planted-0123456789abcdef';
const signal = new AbortController().signal;
const json = (value: unknown) => ({
  kind: 'body' as const,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});

const ALL: [name: string, create: CreateProvider, path: string, stream: string, auth: [string, string]][] = [
  ['openai', createOpenAiProvider, '/v1', chatRecordings().text, ['authorization', `Bearer ${KEY}`]],
  ['azure-openai', createAzureOpenAiProvider, '', chatRecordings().text, ['api-key', KEY]],
  ['googleai', createGoogleAiProvider, '/v1beta/openai', chatRecordings().text, ['authorization', `Bearer ${KEY}`]],
  [
    'openai-compatible',
    createOpenAiCompatibleProvider,
    '/v1',
    chatRecordings().text,
    ['authorization', `Bearer ${KEY}`],
  ],
  ['anthropic', createAnthropicProvider, '', messagesRecordings().text, ['x-api-key', KEY]],
];

let server: ScriptedServer;
beforeAll(async () => {
  server = await startScriptedServer();
});
afterAll(() => server.close());
afterEach(() => vi.unstubAllEnvs());

/** Variables that the SDKs would read from the environment by themselves. */
function poisonEnvironment(): void {
  const headers = 'Authorization: Bearer stolen\nx-api-key: stolen\nx-leak: stolen';
  const poison = {
    OPENAI_API_KEY: 'stolen',
    OPENAI_ADMIN_KEY: 'stolen',
    OPENAI_BASE_URL: 'http://127.0.0.1:9/stolen',
    OPENAI_ORG_ID: 'stolen',
    OPENAI_PROJECT_ID: 'stolen',
    OPENAI_CUSTOM_HEADERS: headers,
    OPENAI_LOG: 'debug',
    OPENAI_API_VERSION: 'stolen',
    AZURE_OPENAI_API_KEY: 'stolen',
    AZURE_OPENAI_ENDPOINT: 'http://127.0.0.1:9/stolen',
    ANTHROPIC_API_KEY: 'stolen',
    ANTHROPIC_AUTH_TOKEN: 'stolen',
    ANTHROPIC_BASE_URL: 'http://127.0.0.1:9/stolen',
    ANTHROPIC_CUSTOM_HEADERS: headers,
    ANTHROPIC_LOG: 'debug',
  };
  for (const [name, value] of Object.entries(poison)) vi.stubEnv(name, value);
}

describe.each(ALL)('what %s sends', (type, create, path, stream, [authHeader, authValue]) => {
  const context = (overrides: Parameters<typeof makeContext>[0] = {}) => {
    const { connection, ...rest } = overrides;
    return makeContext({
      apiKey: KEY,
      ...rest,
      connection: { id: 'mine', type: type as 'openai', baseUrl: server.url + path, ...connection },
    });
  };

  it('is not affected by the environment variables of its SDK', async () => {
    poisonEnvironment();
    server.script({ kind: 'body', body: stream });
    const quiet = vi.spyOn(console, 'debug').mockReturnValue(undefined);
    const { error } = await collect(create(context()).chat, ask('Hello', { model: 'm' }));

    expect(error).toBeUndefined();
    expect(JSON.stringify(server.seen)).not.toContain('stolen');
    expect(server.seen[0]?.headers[authHeader]).toBe(authValue);
    expect(quiet).not.toHaveBeenCalled();
  });

  it('contains the connection’s own headers, and shows them without secrets', async () => {
    server.script({ kind: 'body', body: stream });
    const headers = { 'x-team': 'growth', 'x-gateway-token': 'resolved-secret-1' };
    const connection = { headers: { 'x-team': 'growth', 'x-gateway-token': '${secret:gateway}' } };
    const { events } = await collect(create(context({ headers, connection })).chat, ask('Hello', { model: 'm' }));

    expect(server.seen[0]?.headers).toMatchObject(headers);
    expect(only(events, 'request')[0]?.headers).toMatchObject({ 'x-team': 'growth' });
    expect(JSON.stringify(events)).not.toContain('resolved-secret-1');
    expect(JSON.stringify(events)).not.toContain(KEY);
  });

  it('contains nothing about the machine', async () => {
    server.script({ kind: 'body', body: stream });
    await collect(create(context()).chat, ask('Hello', { model: 'm' }));
    const names = Object.keys(server.seen[0]?.headers ?? {});

    expect(names.filter((name) => name.startsWith('x-stainless'))).toEqual([]);
    expect(server.seen[0]?.headers['user-agent']).toBe('llmops-workbench');
  });

  it('follows no redirect, which could send the key elsewhere', async () => {
    server.script({ kind: 'body', status: 307, headers: { location: `${server.url}/elsewhere` }, body: '' });
    const { error } = await collect(create(context()).chat, ask('Hello', { model: 'm' }));

    expect(error).toMatchObject({ code: 'bad-response', status: 307 });
    expect(server.seen).toHaveLength(1);
  });

  it('fails with a plain message if the certificate is not trusted', async () => {
    const secure = createServer(serverCertificate, (_, response) => response.end());
    await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
    const baseUrl = `https://127.0.0.1:${(secure.address() as AddressInfo).port}${path}`;
    try {
      const provider = create(context({ connection: { baseUrl } }));
      const { error } = await collect(provider.chat, ask('Hello', { model: 'm' }));

      expect(error).toMatchObject({ code: 'tls', retryable: false, message: expect.stringContaining('127.0.0.1') });
      await expect(provider.listModels(signal)).rejects.toMatchObject({ code: 'tls' });
    } finally {
      secure.close();
    }
  });

  it('reports an unknown host by name', async () => {
    const cause = Object.assign(new Error('getaddrinfo ENOTFOUND nowhere.invalid'), { code: 'ENOTFOUND' });
    const fetch = async () => {
      throw new TypeError('fetch failed', { cause });
    };
    const connection = { baseUrl: 'https://nowhere.invalid/v1' };
    const { error } = await collect(
      create(context({ fetch, connection, maxRetries: 3 })).chat,
      ask('Hello', { model: 'm' }),
    );

    expect(error).toMatchObject({ code: 'dns', message: expect.stringContaining('nowhere.invalid') });
  });

  it('asks for the key if the list is rejected', async () => {
    server.script({
      kind: 'body',
      status: 401,
      headers: { 'content-type': 'application/json' },
      body: '{"error":{"message":"no"}}',
    });

    await expect(create(context()).listModels(signal)).rejects.toMatchObject({
      code: 'auth',
      action: { command: 'llmops.connection.setKey', args: ['mine'] },
    });
  });

  it('reports a list that is invalid', async () => {
    server.script({ kind: 'body', headers: { 'content-type': 'text/html' }, body: '<html>hello</html>' });

    await expect(create(context()).listModels(signal)).rejects.toMatchObject({
      name: 'ProviderError',
      code: 'bad-response',
    });
  });

  it('reports the server’s message instead of a list, with any content type', async () => {
    const error = '{"error":{"message":"No credit left."}}';
    for (const type of ['application/json', 'text/html', 'text/plain']) {
      server.script({ kind: 'body', headers: { 'content-type': type }, body: error });
      await expect(create(context()).listModels(signal)).rejects.toThrow(/No credit left\./);
    }
  });

  it('gives up a list that does not arrive, and one that is cancelled', async () => {
    server.script({ kind: 'silent', body: undefined });
    await expect(create(context({ timeoutMs: 50 })).listModels(signal)).rejects.toMatchObject({ code: 'timeout' });

    const controller = new AbortController();
    // A request that is still pending would be the first that the next test receives.
    void server.asked().then(() => controller.abort());
    await expect(create(context()).listModels(controller.signal)).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('the list of models', () => {
  const list = (create: CreateProvider, connection: Parameters<typeof makeContext>[0]) =>
    create(makeContext({ apiKey: KEY, ...connection })).listModels(signal);
  const at = (path: string, extra = {}) => ({ connection: { baseUrl: server.url + path, ...extra } });

  it.each(['text/html', 'text/plain'])('is read where it calls itself %s', async (type) => {
    server.script({ kind: 'body', headers: { 'content-type': type }, body: '\uFEFF{"data":[{"id":"m"}]}' });

    expect(await list(createOpenAiCompatibleProvider, at('/v1'))).toEqual([{ id: 'm' }]);
  });

  it('of OpenAI contains only chat models, with their shutdown dates', async () => {
    server.script(
      json({
        data: [
          { id: 'gpt-6-astra', created: 1_790_000_000, shutdown_date: null },
          { id: 'gpt-4o', created: 1_715_000_000, shutdown_date: '2027-01-14' },
          { id: 'text-embedding-3-small', created: 1 },
          { id: 'gpt-image-2', created: 1 },
        ],
      }),
    );

    expect(await list(createOpenAiProvider, at('/v1'))).toEqual([
      { id: 'gpt-6-astra', createdAt: new Date(1_790_000_000_000).toISOString() },
      { id: 'gpt-4o', createdAt: new Date(1_715_000_000_000).toISOString(), sunsetDate: '2027-01-14' },
    ]);
  });

  it('of a compatible server is read in every dialect, next to declared models', async () => {
    server.script(json({ object: 'list', data: [{ id: 'llama', max_model_len: 8192, created: 0 }] }));
    expect(await list(createOpenAiCompatibleProvider, at('/v1', { models: ['declared', 'llama'] }))).toEqual([
      { id: 'declared' },
      { id: 'llama', contextWindow: 8192 },
    ]);

    server.script(json([{ id: 'bare', context_length: 4096, display_name: 'Bare' }]));
    expect(await list(createOpenAiCompatibleProvider, at('/v1'))).toEqual([
      { id: 'bare', displayName: 'Bare', contextWindow: 4096 },
    ]);

    server.script(json({ object: 'list', data: null }));
    expect(await list(createOpenAiCompatibleProvider, at('/v1'))).toEqual([]);
  });

  it('of a server without a list contains the declared models', async () => {
    server.script({ ...json({ detail: 'Not Found' }), status: 404 });

    expect(await list(createOpenAiCompatibleProvider, at('/v1', { models: ['only-one'] }))).toEqual([
      { id: 'only-one' },
    ]);
    await expect(list(createOpenAiCompatibleProvider, at('/v1'))).rejects.toMatchObject({ status: 404 });
  });

  it('of a server without a key is requested without one', async () => {
    server.script(json({ data: [] }));
    await list(createOpenAiCompatibleProvider, { ...at('/v1'), apiKey: undefined });

    expect(server.seen[0]?.headers).not.toHaveProperty('authorization');
  });

  it('of Gemini has plain names and no embedding models', async () => {
    server.script(
      json({
        data: [
          { id: 'models/gemini-3.8-flash', display_name: 'Gemini 3.8 Flash' },
          { id: 'models/gemini-embedding-2' },
        ],
      }),
    );

    expect(await list(createGoogleAiProvider, at('/v1beta/openai'))).toEqual([
      { id: 'gemini-3.8-flash', displayName: 'Gemini 3.8 Flash' },
    ]);
  });

  it('of Azure contains the declared models, after the key was verified', async () => {
    server.script(json({ data: [{ id: 'gpt-4o' }] }));

    expect(await list(createAzureOpenAiProvider, at('', { models: ['prod-chat'] }))).toEqual([{ id: 'prod-chat' }]);
    expect(server.seen[0]?.url).toBe('/openai/models?api-version=2024-10-21');
  });

  it('of Anthropic is read to its last page', async () => {
    const model = (id: string, extra = {}) => ({
      type: 'model',
      id,
      display_name: id.toUpperCase(),
      created_at: '2026-06-30T00:00:00Z',
      ...extra,
    });
    server.script(
      json({
        data: [model('claude-a', { max_input_tokens: 1_000_000, max_tokens: 128_000 })],
        has_more: true,
        last_id: 'claude-a',
      }),
      json({
        data: [model('claude-b', { created_at: '1970-01-01T00:00:00Z', retires_at: '2026-11-30T00:00:00Z' })],
        has_more: false,
      }),
    );

    expect(await list(createAnthropicProvider, at(''))).toEqual([
      {
        id: 'claude-a',
        displayName: 'CLAUDE-A',
        contextWindow: 1_000_000,
        maxOutputTokens: 128_000,
        createdAt: '2026-06-30T00:00:00Z',
      },
      { id: 'claude-b', displayName: 'CLAUDE-B', sunsetDate: '2026-11-30' },
    ]);
    expect(server.seen[1]?.url).toContain('after_id=claude-a');
  });
});

describe('Azure OpenAI', () => {
  const send = async (connection: object) => {
    server.script({ kind: 'body', body: chatRecordings().text });
    const context = makeContext({ apiKey: KEY, connection: { type: 'azure-openai', ...connection } });
    await collect(createAzureOpenAiProvider(context).chat, ask('Hello', { model: 'prod chat' }));
    return server.seen[0]?.url;
  };

  it('reaches a deployment by its name and version', async () => {
    expect(await send({ baseUrl: server.url, apiVersion: '2025-01-01' })).toBe(
      '/openai/deployments/prod%20chat/chat/completions?api-version=2025-01-01',
    );
    expect(await send({ baseUrl: `${server.url}/openai` })).toBe(
      '/openai/deployments/prod%20chat/chat/completions?api-version=2024-10-21',
    );
  });

  it('reports a missing address', async () => {
    const context = makeContext({ apiKey: KEY, connection: { id: 'az', type: 'azure-openai' } });
    const { error } = await collect(createAzureOpenAiProvider(context).chat, ask('Hello', { model: 'm' }));

    expect(error).toMatchObject({ code: 'invalid-connection', hint: expect.stringContaining('openai.azure.com') });
  });

  it('accepts the newer addresses without a version', async () => {
    expect(await send({ baseUrl: `${server.url}/openai/v1` })).toBe('/openai/v1/chat/completions');
  });
});

describe('Anthropic', () => {
  it('counts tokens with the provider’s own call, without limits and sampling', async () => {
    server.script(json({ input_tokens: 42 }));
    const { chat } = createAnthropicProvider(
      makeContext({ apiKey: KEY, connection: { type: 'anthropic', baseUrl: `${server.url}/v1` } }),
    );
    const request = ask('Hello', { model: 'claude-haiku-4-5', parameters: { temperature: 0.5, maxOutputTokens: 5 } });

    expect(await chat.countTokens?.(request, signal)).toBe(42);
    expect(server.seen[0]?.url).toBe('/v1/messages/count_tokens');
    expect(server.seen[0]?.body).toEqual({
      model: 'claude-haiku-4-5',
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
    });
  });
});
