import { describe, expect, test } from 'vitest';
import { ProviderError } from '../../../src/core/base/errors.ts';
import { DEFAULT_SETTINGS } from '../../../src/core/base/settings.ts';
import type { ChatRequest } from '../../../src/core/models/chat-model.ts';
import { CONNECTIONS_PATH, errorOf, fakeProvider, makeRegistry, readStream } from './fixtures.ts';

const REQUEST: ChatRequest = {
  model: 'swift',
  messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hello' }] }],
  parameters: {},
};
const VLLM = 'vllm:\n  type: openai-compatible\n  baseUrl: http://127.0.0.1:9/v1\n';
const never = new AbortController().signal;

describe('connections', () => {
  test('the built-in ones exist with their states, without any file or key', async () => {
    const { models } = makeRegistry();
    const states = (await models.connections()).map(({ connection, state, keyRequired, hasKey }) => [
      connection.id,
      state.kind,
      keyRequired,
      hasKey,
    ]);
    expect(states).toEqual([
      ['openai', 'no-key', true, false],
      ['anthropic', 'no-key', true, false],
      ['googleai', 'no-key', true, false],
      ['vertexai', 'unknown', false, false],
      ['demo', 'ready', false, false],
    ]);
  });

  test('with a key have an unknown state until the provider has answered', async () => {
    const { models, clock } = makeRegistry({ provider: fakeProvider({ models: [{ id: 'gpt-5-mini' }] }) });
    await models.setKey('openai', 'sk-planted');
    expect(await models.connection('openai')).toMatchObject({ state: { kind: 'unknown' }, hasKey: true });
    expect(await models.test('openai', never)).toMatchObject({ models: 1 });
    expect((await models.connection('openai')).state).toEqual({ kind: 'ready', checkedAt: clock.now });
    await models.removeKey('openai');
    expect((await models.connection('openai')).state).toEqual({ kind: 'no-key' });
  });

  test('that fail are unreachable with a reason, which a missing model does not cause', async () => {
    const provider = fakeProvider();
    const { models } = makeRegistry({ yaml: VLLM, provider });
    provider.streamError = new ProviderError('vllm: no such model', { code: 'model-not-found', retryable: false });
    await readStream((await models.chat({ connection: 'vllm', model: 'm' })).stream(REQUEST, never));
    expect((await models.connection('vllm')).state.kind).toBe('unknown');
    provider.streamError = new ProviderError('vllm: refused', { code: 'network', retryable: true });
    await readStream((await models.chat({ connection: 'vllm', model: 'm' })).stream(REQUEST, never));
    expect((await models.connection('vllm')).state).toMatchObject({ kind: 'unreachable', error: { code: 'network' } });
  });

  test('that are unknown are reported with the nearest name, invalid ones with the reason', async () => {
    const { models } = makeRegistry({ yaml: 'mine:\n  type: openai-compatible\n' });
    const unknown = await errorOf(models.chat({ connection: 'opnai', model: 'x' }));
    expect(unknown).toMatchObject({
      code: 'unknown-connection',
      hint: expect.stringContaining('Did you mean openai?'),
    });
    const broken = await errorOf(models.chat({ connection: 'mine', model: 'x' }));
    expect(broken).toMatchObject({ code: 'invalid-connection', message: expect.stringContaining('no base URL') });
    const vscode = await errorOf(models.chat({ connection: 'vscode', model: 'x' }));
    expect(vscode).toMatchObject({ code: 'unknown-connection', hint: expect.stringContaining('inside VS Code') });
  });

  test('of a changed file are used after a reload', async () => {
    const texts: Record<string, string> = { [CONNECTIONS_PATH]: VLLM };
    const { models } = makeRegistry({
      ports: {
        files: {
          readText: async (path) => texts[path] ?? '',
          readBytes: async () => new Uint8Array(),
          realPath: async (path) => path,
          exists: async (path) => path in texts,
        },
      },
    });
    expect((await models.connection('vllm')).connection.baseUrl).toBe('http://127.0.0.1:9/v1');
    texts[CONNECTIONS_PATH] = 'vllm:\n  type: nope\n';
    await models.reload();
    expect(models.problems()[0]).toMatchObject({ where: CONNECTIONS_PATH, range: { start: 14, end: 18 } });
    expect(await errorOf(models.connection('vllm'))).toMatchObject({ code: 'invalid-connection' });
  });

  test('of an unreadable file are a problem, not a crash', async () => {
    const { models } = makeRegistry({
      ports: {
        files: {
          readText: () => Promise.reject(new Error('EACCES')),
          readBytes: async () => new Uint8Array(),
          realPath: async (path) => path,
          exists: async () => true,
        },
      },
    });
    expect((await models.connections()).length).toBeGreaterThan(3);
    expect(models.problems()[0]?.message).toContain('EACCES');
  });

  test('of VS Code exist only if the host provides its models', async () => {
    const chat = { stream: () => fakeProvider().events[Symbol.iterator]() as never };
    const { models } = makeRegistry({ ports: { hostModels: { list: async () => [{ id: 'a/b' }], chat: () => chat } } });
    expect((await models.connection('vscode')).state.kind).toBe('ready');
    expect((await models.listModels('vscode')).models).toMatchObject([{ ref: 'vscode/a/b', prices: undefined }]);
  });
});

describe('an untrusted workspace', () => {
  test('uses none of its connections, and nothing runs; trust changes that at once', async () => {
    let trusted = false;
    const { models, files, provider } = makeRegistry({ yaml: VLLM, ports: { trusted: () => trusted } });
    expect((await models.connections()).map(({ connection }) => connection.id)).not.toContain('vllm');
    expect(files.reads).toEqual([]);
    const error = await errorOf(models.chat({ connection: 'demo', model: 'swift' }));
    expect(error).toMatchObject({ code: 'untrusted', action: { command: 'workbench.trust.manage' } });
    expect(await errorOf(models.test('openai', never))).toMatchObject({ code: 'untrusted' });
    await models.setKey('openai', 'sk-planted');
    expect((await models.listModels('openai')).error).toMatchObject({ code: 'untrusted' });
    expect(provider.contexts).toEqual([]);
    trusted = true;
    expect((await models.connections()).map(({ connection }) => connection.id)).toContain('vllm');
  });
});

describe('a model', () => {
  test('costs nothing until its first stream, then shares one client until the key changes', async () => {
    const { models, provider } = makeRegistry();
    await models.setKey('openai', 'sk-one');
    const chat = await models.chat({ connection: 'openai', model: 'm' });
    const other = await models.chat({ connection: 'openai', model: 'n' });
    expect(provider.contexts).toHaveLength(0);
    expect((await readStream(chat.stream(REQUEST, never))).events.map(({ type }) => type)).toEqual([
      'text-delta',
      'finish',
    ]);
    await readStream(other.stream(REQUEST, never));
    expect(provider.contexts.map(({ apiKey }) => apiKey)).toEqual(['sk-one']);
    await models.setKey('openai', 'sk-two');
    await readStream((await models.chat({ connection: 'openai', model: 'm' })).stream(REQUEST, never));
    expect(provider.contexts.map(({ apiKey }) => apiKey)).toEqual(['sk-one', 'sk-two']);
  });

  test('gets its headers, timeout and number of retries', async () => {
    const yaml = `${VLLM}  timeoutMs: 1234\n  headers: { X-Team: churn, X-Gate: "\${secret:gate}" }\n`;
    const { models, provider } = makeRegistry({ yaml, settings: { maxRetries: 7 } });
    expect(await errorOf(models.chat({ connection: 'vllm', model: 'm' }))).toMatchObject({
      code: 'missing-key',
      message: expect.stringContaining('X-Gate'),
    });
    await models.setSecret('vllm', 'gate', 'planted-gate');
    await readStream((await models.chat({ connection: 'vllm', model: 'm' })).stream(REQUEST, never));
    expect(provider.contexts[0]).toMatchObject({
      apiKey: undefined,
      headers: { 'X-Team': 'churn', 'X-Gate': 'planted-gate' },
      timeoutMs: 1234,
      maxRetries: 7,
    });
  });

  test('without a key suggests Set API Key', async () => {
    const { models } = makeRegistry();
    expect(await errorOf(models.chat({ connection: 'openai', model: 'm' }))).toMatchObject({
      code: 'missing-key',
      action: { command: 'llmops.connection.setKey', args: ['openai'] },
    });
  });

  test('whose server has moved gets no key until the user allows it', async () => {
    const { models, provider, current } = makeRegistry();
    await models.setKey('openai', 'sk-planted');
    current.settings = {
      ...DEFAULT_SETTINGS,
      discoverOllama: false,
      connections: { openai: { baseUrl: 'https://evil.example/v1' } },
    };
    await models.reload();
    const moved = { kind: 'key-origin', keyOrigin: 'https://api.openai.com', origin: 'https://evil.example' };
    expect((await models.connection('openai')).state).toEqual(moved);
    for (const attempt of [models.chat({ connection: 'openai', model: 'm' }), models.test('openai', never)]) {
      expect(await errorOf(attempt)).toMatchObject({
        code: 'key-origin',
        action: { command: 'llmops.connection.allowOrigin', args: ['openai'] },
      });
    }
    expect((await models.listModels('openai', { refresh: true })).error).toMatchObject({ code: 'key-origin' });
    expect(provider.contexts).toEqual([]);
    await models.allowOrigin('openai');
    await models.test('openai', never);
    expect(provider.contexts[0]).toMatchObject({
      apiKey: 'sk-planted',
      connection: { baseUrl: 'https://evil.example/v1' },
    });
  });

  test('that does not exist is reported with similar names', async () => {
    const provider = fakeProvider({ models: [{ id: 'llama-3-70b' }, { id: 'qwen-3' }] });
    const { models } = makeRegistry({ yaml: VLLM, provider });
    await models.listModels('vllm');
    provider.streamError = new ProviderError('vllm (404): no such model', {
      code: 'model-not-found',
      status: 404,
      retryable: false,
    });
    const chat = await models.chat({ connection: 'vllm', model: 'lama-3-70b' });
    const { error } = await readStream(chat.stream({ ...REQUEST, model: 'lama-3-70b' }, never));
    expect(error).toMatchObject({ code: 'model-not-found', status: 404, hint: 'Did you mean vllm/llama-3-70b?' });
    expect(await models.suggestModels('vlm/qwen-3')).toContain('vllm/qwen-3');
  });

  test('has no key if there is no server to send it to', async () => {
    const { models } = makeRegistry();
    expect(await errorOf(models.setKey('demo', 'sk-planted'))).toMatchObject({ code: 'usage' });
  });
});

describe('model lists', () => {
  const DAY = 24 * 60 * 60 * 1000;

  test('are requested once a day, for all callers together, and again on request', async () => {
    const provider = fakeProvider({ models: [{ id: 'm' }] });
    const { models, clock } = makeRegistry({ yaml: VLLM, provider });
    await Promise.all([models.listModels('vllm'), models.listModels('vllm')]);
    await models.listModels('vllm');
    expect(provider.lists).toBe(1);
    clock.now += DAY + 1;
    await models.listModels('vllm');
    await models.listModels('vllm', { refresh: true });
    expect(provider.lists).toBe(3);
  });

  test('are cached across windows, per server', async () => {
    const values = new Map<string, unknown>();
    const cache = {
      get: async (key: string) => values.get(key),
      set: async (key: string, value: unknown) => void values.set(key, structuredClone(value)),
    };
    const first = fakeProvider({ models: [{ id: 'm' }] });
    await makeRegistry({ yaml: VLLM, provider: first, ports: { cache } }).models.listModels('vllm');
    const second = fakeProvider();
    const again = makeRegistry({ yaml: VLLM, provider: second, ports: { cache } });
    expect((await again.models.listModels('vllm')).models).toMatchObject([{ id: 'm' }]);
    const moved = makeRegistry({ yaml: VLLM.replace(':9', ':10'), provider: second, ports: { cache } });
    expect((await moved.models.listModels('vllm')).models).toEqual([]);
    expect(second.lists).toBe(1);
  });

  test('with a broken cache cost a request, not the list', async () => {
    const provider = fakeProvider({ models: [{ id: 'm' }] });
    const cache = { get: () => Promise.reject(new Error('locked')), set: () => Promise.reject(new Error('locked')) };
    const { models } = makeRegistry({ yaml: VLLM, provider, ports: { cache } });
    expect((await models.listModels('vllm')).models).toHaveLength(1);
    const odd = { get: async () => ({ models: [5, { id: 'k' }], fetchedAt: 'never' }), set: async () => undefined };
    const { models: others } = makeRegistry({ yaml: VLLM, provider, ports: { cache: odd } });
    expect((await others.listModels('vllm')).models).toMatchObject([{ id: 'm' }]);
  });

  test('contain an error, next to the last known and declared models', async () => {
    const provider = fakeProvider({ models: [{ id: 'm' }] });
    const { models, clock } = makeRegistry({ yaml: `${VLLM}  models: [declared]\n`, provider });
    await models.listModels('vllm');
    provider.listError = new ProviderError('vllm: refused', { code: 'network', retryable: true });
    const list = await models.listModels('vllm', { refresh: true });
    expect(list).toMatchObject({ fetchedAt: clock.now, error: { code: 'network' } });
    expect(list.models.map(({ ref }) => ref)).toEqual(['vllm/m', 'vllm/declared']);
  });

  test('of an unknown connection do not throw', async () => {
    expect(await makeRegistry().models.listModels('nope')).toMatchObject({
      models: [],
      error: { code: 'unknown-connection' },
    });
  });

  test('are not aborted for other callers if one gives up', async () => {
    const gate = Promise.withResolvers<void>();
    const { models } = makeRegistry({
      yaml: VLLM,
      ports: {
        loadProvider: async () => () => ({
          chat: { stream: () => fakeProvider().events[Symbol.iterator]() as never },
          listModels: async (signal) => {
            await gate.promise;
            return signal.aborted ? [] : [{ id: 'm' }];
          },
        }),
      },
    });
    const giveUp = new AbortController();
    const first = models.listModels('vllm', { signal: giveUp.signal });
    const second = models.listModels('vllm');
    giveUp.abort();
    expect((await first).error).toMatchObject({ code: 'cancelled' });
    gate.resolve();
    expect((await second).models).toMatchObject([{ id: 'm' }]);
  });

  test('contain prices, context windows, limits and sunset dates', async () => {
    const provider = fakeProvider({
      models: [{ id: 'gpt-5-mini' }, { id: 'mystery', sunsetDate: '2027-01-14', contextWindow: 5 }],
    });
    const { models } = makeRegistry({
      provider,
      settings: { prices: { 'openai/mystery': { inputUsd: 1, outputUsd: 2 } } },
    });
    await models.setKey('openai', 'sk-planted');
    const [mini, mystery] = (await models.listModels('openai')).models;
    expect(mini).toMatchObject({
      ref: 'openai/gpt-5-mini',
      type: 'openai',
      contextWindow: 400_000,
      prices: { inputUsd: 0.25 },
    });
    expect(mystery).toMatchObject({ sunsetDate: '2027-01-14', contextWindow: 5, prices: { source: 'llmops.prices' } });
  });

  test('are not requested for details of one model', async () => {
    const { models, provider } = makeRegistry();
    expect(await models.modelInfo('openai/gpt-5-mini')).toMatchObject({ prices: { outputUsd: 2 } });
    const unknown = await models.modelInfo('openai/mystery');
    expect(unknown).toEqual({
      id: 'mystery',
      ref: 'openai/mystery',
      connection: 'openai',
      type: 'openai',
      prices: undefined,
    });
    expect(await models.modelInfo('nope/x')).toBeUndefined();
    expect(await models.modelInfo('nonsense')).toBeUndefined();
    expect(provider.lists).toBe(0);
  });
});

describe('Ollama', () => {
  const network = (answer: () => Response, asked: string[]) => async () => ({
    fetch: async (input: string | URL | Request) => {
      asked.push(String(input));
      return answer();
    },
    options: { rejectUnauthorized: true },
  });

  test('is discovered, and can be switched off', async () => {
    const asked: string[] = [];
    const ports = { network: network(() => Response.json({ version: '1' }), asked) };
    const on = makeRegistry({ settings: { discoverOllama: true }, ports });
    expect((await on.models.connection('ollama')).connection).toMatchObject({ source: 'discovered' });
    await on.models.connections();
    expect(asked).toEqual(['http://127.0.0.1:11434/api/version']);
    const off = makeRegistry({ settings: { discoverOllama: false }, ports });
    expect(await errorOf(off.models.connection('ollama'))).toMatchObject({ code: 'unknown-connection' });
    expect(asked).toHaveLength(1);
  });

  test('is replaced by a declared connection, and a declared name never waits for it', async () => {
    const asked: string[] = [];
    const yaml = 'local:\n  type: openai-compatible\n  baseUrl: http://127.0.0.1:11434/v1\n';
    const { models } = makeRegistry({
      yaml,
      settings: { discoverOllama: true },
      ports: { network: network(() => Response.json({ version: '1' }), asked) },
    });
    await models.connection('local');
    expect(asked).toEqual([]);
    expect((await models.connections()).map(({ connection }) => connection.id)).not.toContain('ollama');
  });
});

describe('the demo', () => {
  test('runs with the real provider, without key, network or file', async () => {
    const { models } = makeRegistry({ ports: { loadProvider: undefined as never, folder: undefined } });
    const list = await models.listModels('demo');
    expect(list.error).toBeUndefined();
    expect(list.models.map(({ ref }) => ref)).toContain('demo/swift');
    expect(list.models.every(({ prices }) => prices?.source === 'demo')).toBe(true);
    const chat = await models.chat({ connection: 'demo', model: 'swift' });
    const { events, error } = await readStream(chat.stream(REQUEST, never));
    expect(error).toBeUndefined();
    expect(events.at(-1)?.type).toBe('finish');
  });
});
