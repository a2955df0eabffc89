import { LLMock } from '@copilotkit/aimock';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAnthropicProvider } from '../../../src/core/models/anthropic/anthropic.ts';
import type { ConnectionType } from '../../../src/core/models/chat-model.ts';
import type { CreateProvider } from '../../../src/core/models/connection.ts';
import { createAzureOpenAiProvider } from '../../../src/core/models/openai/azure-openai.ts';
import { createGoogleAiProvider } from '../../../src/core/models/openai/googleai.ts';
import { createOpenAiProvider } from '../../../src/core/models/openai/openai.ts';
import { createOpenAiCompatibleProvider } from '../../../src/core/models/openai/openai-compatible.ts';
import { ask, collect, makeContext, only } from '../../unit/models/make-context.ts';

/** An independent implementation of the same protocols, so that ours is not only tested against itself. */
const PROVIDERS: [name: string, type: ConnectionType, create: CreateProvider, path: string, model: string][] = [
  ['OpenAI over chat completions', 'openai', createOpenAiProvider, '/v1', 'gpt-4.1'],
  ['OpenAI over responses', 'openai', createOpenAiProvider, '/v1', 'gpt-6-astra'],
  ['Azure OpenAI', 'azure-openai', createAzureOpenAiProvider, '', 'gpt-4o'],
  ['Gemini by API key', 'googleai', createGoogleAiProvider, '/v1', 'gemini-3.8-flash'],
  ['a compatible server', 'openai-compatible', createOpenAiCompatibleProvider, '/v1', 'llama-3-70b'],
  ['Anthropic', 'anthropic', createAnthropicProvider, '', 'claude-sonnet-5-5'],
];
const ANSWER = 'Grüße — a mocked answer, in several chunks.';
const WEATHER = { name: 'get_weather', inputSchema: { type: 'object', properties: { city: { type: 'string' } } } };

let mock: LLMock;
beforeAll(async () => {
  mock = new LLMock({ port: 0, host: '127.0.0.1' });
  const usage = { prompt_tokens: 11, completion_tokens: 17, total_tokens: 28, input_tokens: 11, output_tokens: 17 };
  mock.onMessage('hello', { content: ANSWER, usage }, { chunkSize: 8 });
  mock.onMessage('weather', { toolCalls: [{ name: 'get_weather', arguments: '{"city":"Oslo"}' }] });
  mock.onMessage('limit', { error: { message: 'Rate limited', type: 'rate_limit_error' }, status: 429 });
  mock.onMessage('slowly', { content: 'x'.repeat(400) }, { streamingProfile: { ttft: 5, tps: 20 }, chunkSize: 4 });
  await mock.start();
});
afterAll(() => mock.stop());

describe.each(PROVIDERS)('%s against aimock', (_, type, create, path, model) => {
  const provider = (overrides: Parameters<typeof makeContext>[0] = {}) =>
    create(makeContext({ apiKey: 'sk-any-key-123456', ...overrides, connection: { type, baseUrl: mock.url + path } }));

  it('streams the answer with its tokens', async () => {
    const { text, events, error } = await collect(provider().chat, ask('hello', { model }));

    expect(error).toBeUndefined();
    expect(text).toBe(ANSWER);
    expect(only(events, 'usage').at(-1)?.usage).toMatchObject({ inputTokens: 11, outputTokens: 17 });
    expect(events.at(-1)).toMatchObject({ type: 'finish', reason: 'stop' });
  });

  it('calls a tool', async () => {
    const { events } = await collect(provider().chat, ask('weather', { model, tools: [WEATHER] }));

    expect(only(events, 'tool-call')).toMatchObject([{ name: 'get_weather', input: { city: 'Oslo' } }]);
    expect(only(events, 'finish')[0]?.reason).toBe('tool-calls');
  });

  it('reports a limit, with the requested wait', async () => {
    const { error } = await collect(provider().chat, ask('limit', { model }));

    expect(error).toMatchObject({ code: 'rate-limit', status: 429, retryable: true });
  });

  it('succeeds after one 503', async () => {
    mock.nextRequestError(503, { message: 'overloaded', type: 'server_error' });
    const { text, events } = await collect(provider({ maxRetries: 1 }).chat, ask('hello', { model }));

    expect(text).toBe(ANSWER);
    expect(only(events, 'retry')).toHaveLength(1);
  });

  it('stops in the middle when it is cancelled', async () => {
    const controller = new AbortController();
    let chunks = 0;
    const reading = (async () => {
      for await (const event of provider().chat.stream(ask('slowly', { model }), controller.signal)) {
        if (event.type === 'text-delta') chunks += 1;
        if (chunks === 2) controller.abort();
      }
    })();

    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
    expect(chunks).toBe(2);
  });
});
