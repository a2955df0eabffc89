import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ChatRequest, Message } from '../../../src/core/models/chat-model.ts';
import type { CreateProvider, ProviderContext } from '../../../src/core/models/connection.ts';
import { createVertexAiProvider } from '../../../src/core/models/vertexai/vertexai.ts';
import { ask, collect, makeContext, only } from '../../unit/models/make-context.ts';
import { startVertexServer, type VertexServer } from '../vertex-server.ts';
import { describeChatModel } from './chat-model.contract.ts';
import { startGeminiHarness } from './gemini-harness.ts';
import { startHttpHarness } from './http-harness.ts';
import { chatRecordings, messagesRecordings } from './recordings.ts';

const inProject: CreateProvider = (context) =>
  createVertexAiProvider({ ...context, connection: { ...context.connection, project: 'p', location: 'us-central1' } });

describeChatModel({
  name: 'Gemini on Vertex AI',
  start: startGeminiHarness,
  // Implicit caching reports no writes, and broken frames are handled by the transport.
  without: ['cache-writes', 'garbage'],
});
describeChatModel({
  name: 'Claude on Vertex AI',
  start: () =>
    startHttpHarness({
      type: 'vertexai',
      model: 'claude-sonnet-5-5',
      createProvider: inProject,
      recordings: messagesRecordings(),
      path: '',
    }),
});
describeChatModel({
  name: 'Llama on Vertex AI',
  start: () =>
    startHttpHarness({
      type: 'vertexai',
      model: 'meta/llama-3.3-70b-instruct-maas',
      createProvider: inProject,
      recordings: chatRecordings('reasoning_content'),
      path: '',
    }),
});

describe('Vertex AI', () => {
  let server: VertexServer;
  beforeAll(async () => {
    server = await startVertexServer();
  });
  beforeEach(() => server.reply(() => undefined));
  afterAll(() => server.stop());

  const create = (overrides: Partial<ProviderContext> = {}) =>
    inProject(makeContext({ connection: { id: 'vertexai', type: 'vertexai', baseUrl: server.url }, ...overrides }));
  const send = (request: Partial<ChatRequest>) => collect(create().chat, ask('Hello', request));

  it('uses the protocol of each kind of model, with its own name', async () => {
    const ids = [
      'gemini-2.5-flash',
      'google/gemini-2.5-flash',
      'endpoints/123',
      'claude-opus-4-5@20251101',
      'meta/llama-4',
    ];
    const answers: string[] = [];
    for (const model of ids) answers.push((await send({ model })).text);

    const parent = 'projects/p/locations/us-central1';
    const gemini = `${parent}/publishers/google/models/gemini-2.5-flash`;
    expect(server.requests.slice(-5).map(({ protocol, model }) => [protocol, model])).toEqual([
      ['gemini', gemini],
      ['gemini', gemini],
      ['gemini', `${parent}/endpoints/123`],
      ['claude', 'claude-opus-4-5@20251101'],
      ['openai', 'meta/llama-4'],
    ]);
    expect(answers).toEqual([
      'Answer of gemini-2.5-flash.',
      'Answer of gemini-2.5-flash.',
      'Answer of 123.',
      'Answer of claude-opus-4-5@20251101.',
      'Answer of meta/llama-4.',
    ]);
  });

  it('shows the gRPC request as the equivalent REST call', async () => {
    const { events } = await send({ model: 'gemini-2.0-flash', parameters: { temperature: 0.5 } });

    expect(events[0]).toEqual({
      type: 'request',
      url: `${server.url}/v1/projects/p/locations/us-central1/publishers/google/models/gemini-2.0-flash:streamGenerateContent?alt=sse`,
      headers: { 'content-type': 'application/json' },
      body: {
        contents: [{ role: 'user', parts: [{ text: 'Hello' }] }],
        generationConfig: expect.objectContaining({ temperature: 0.5 }),
      },
    });
  });

  it('sends a complete conversation: system text, images, calls, results and signatures', async () => {
    const signed = [
      {
        thoughtSignature: Buffer.from('proof').toString('base64'),
        functionCall: { name: 'now', args: { deep: [1, null, { a: true }] } },
      },
    ];
    server.reply(() => ({ chunks: [{ candidates: [{ content: { parts: signed }, finishReason: 'STOP' }] }] }));
    const first = await send({ model: 'gemini-3-pro' });
    const [call] = only(first.events, 'tool-call');
    const [proof] = only(first.events, 'reasoning-delta');
    if (!call || proof?.signature === undefined) throw new Error('no call, or no signature');

    const messages: Message[] = [
      { role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] },
      {
        role: 'user',
        parts: [
          { type: 'media', url: 'data:image/png;base64,iVBORw0K' },
          { type: 'text', text: 'What time is it?' },
        ],
      },
      { role: 'assistant', parts: [{ type: 'reasoning', text: 'Thinking', signature: proof.signature }, call] },
      { role: 'tool', parts: [{ type: 'tool-result', id: call.id, name: 'now', output: '{"time":"12:00"}' }] },
    ];
    await send({ model: 'gemini-3-pro', messages });

    const { body } = server.requests.at(-1) ?? {};
    expect(call.input).toEqual({ deep: [1, null, { a: true }] });
    expect(body?.systemInstruction).toEqual({ parts: [{ text: 'Be brief.' }] });
    expect(body?.contents).toMatchObject([
      {
        role: 'user',
        parts: [{ inlineData: { mimeType: 'image/png', data: 'iVBORw0K' } }, { text: 'What time is it?' }],
      },
      { role: 'model', parts: [{ thoughtSignature: signed[0]?.thoughtSignature, functionCall: { name: 'now' } }] },
      {
        role: 'user',
        parts: [{ functionResponse: { name: 'now', response: { fields: { time: { stringValue: '12:00' } } } } }],
      },
    ]);
  });

  it('constrains the answer to a schema, in the subset that Gemini supports', async () => {
    const schema = {
      type: 'object',
      properties: { risk: { enum: ['low', 'high'] }, note: { type: ['string', 'null'], default: 'none' } },
      required: ['risk'],
    };
    const { events } = await send({ model: 'gemini-2.5-flash', output: { format: 'json', schema } });

    expect(only(events, 'warning')).toEqual([]);
    expect(server.requests.at(-1)?.body.generationConfig).toMatchObject({
      responseMimeType: 'application/json',
      responseSchema: {
        type: 'OBJECT',
        required: ['risk'],
        propertyOrdering: ['risk', 'note'],
        properties: {
          risk: { type: 'STRING', format: 'enum', enum: ['low', 'high'] },
          note: { type: 'STRING', nullable: true, default: { stringValue: 'none' } },
        },
      },
    });
  });

  it('reports a rejected prompt, which has no candidate', async () => {
    server.reply(() => ({
      chunks: [{ promptFeedback: { blockReason: 'PROHIBITED_CONTENT' }, usageMetadata: { promptTokenCount: 4 } }],
    }));
    const { events, error } = await send({ model: 'gemini-2.5-flash' });

    expect(error).toBeUndefined();
    expect(events.at(-1)).toMatchObject({ type: 'finish', reason: 'content-filter', rawReason: 'PROHIBITED_CONTENT' });
  });

  it('keeps the text before an error in the middle of the stream', async () => {
    const error = { status: 503, grpc: 'UNAVAILABLE', message: 'overloaded' };
    server.reply(() => ({ chunks: [{ candidates: [{ content: { parts: [{ text: 'Half' }] } }] }], error }));
    const result = await send({ model: 'gemini-2.5-flash' });

    expect(result.text).toBe('Half');
    expect(result.error).toMatchObject({ code: 'server', status: 503 });
  });

  it.each(['gemini-2.5-flash', 'claude-sonnet-5-5', 'meta/llama-4'])(
    'explains problems with accounts and locations for %s',
    async (model) => {
      const fail = async (status: number, grpc: string, message: string) => {
        server.reply(() => ({ error: { status, grpc, message } }));
        return (await send({ model })).error;
      };

      const login = await fail(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.');
      expect(login).toMatchObject({
        code: 'auth',
        hint: expect.stringContaining('gcloud auth application-default login'),
      });
      expect(login).not.toMatchObject({ action: expect.anything() });
      const role = await fail(403, 'PERMISSION_DENIED', "Permission 'aiplatform.endpoints.predict' denied");
      expect(role).toMatchObject({ code: 'auth', hint: expect.stringContaining('Vertex AI User') });
      const missing = await fail(404, 'NOT_FOUND', 'Publisher Model `projects/p/models/x` was not found.');
      expect(missing).toMatchObject({
        code: 'model-not-found',
        hint: expect.stringContaining(`'${model}' is not served in 'us-central1'`),
      });
    },
  );

  it('counts tokens with the provider, if it has a call for it', async () => {
    server.reply(() => ({ usage: { input: 42, output: 0 } }));
    const count = (model: string) => create().chat.countTokens?.(ask('Hello', { model }), new AbortController().signal);

    expect(await count('gemini-2.5-flash')).toBe(42);
    expect(await count('claude-sonnet-5-5')).toBe(42);
    await expect(count('meta/llama-4')).rejects.toMatchObject({ name: 'ProviderError' });
  });

  it('lists the publishers’ chat models, with the ids for requests', async () => {
    const google = ['gemini-3-pro', 'gemini-embedding-001', 'imagen-4'].map((id) => ({
      name: `publishers/google/models/${id}`,
      launchStage: 'PUBLIC_PREVIEW',
    }));
    const anthropic = [
      { name: 'publishers/anthropic/models/claude-opus-4-5', versionId: '20251101', launchStage: 'GA' },
      { name: 'publishers/anthropic/models/claude-opus-5', versionId: 'default', launchStage: 'GA' },
    ];
    const meta = ['llama-4-scout-maas', 'llama-guard'].map((id) => ({
      name: `publishers/meta/models/${id}`,
      launchStage: 'GA',
    }));
    const own = await startVertexServer({ models: { google, anthropic, meta } });
    const connection = { id: 'v', type: 'vertexai' as const, baseUrl: own.url, models: ['endpoints/7'] };
    const listed = await inProject(makeContext({ connection })).listModels(new AbortController().signal);
    await own.stop();

    expect(listed).toEqual([
      { id: 'endpoints/7' },
      { id: 'gemini-3-pro', displayName: 'gemini-3-pro (public preview)' },
      { id: 'claude-opus-4-5@20251101' },
      { id: 'claude-opus-5' },
      { id: 'meta/llama-4-scout-maas' },
    ]);
    expect(own.requests[0]?.headers['x-goog-user-project']).toBe('p');
  });

  it('sends the tier in its headers, and reads the billed traffic and modalities', async () => {
    const usageMetadata = {
      promptTokenCount: 30,
      candidatesTokenCount: 2,
      totalTokenCount: 32,
      trafficType: 'ON_DEMAND_PRIORITY',
      promptTokensDetails: [
        { modality: 'TEXT', tokenCount: 10 },
        { modality: 'AUDIO', tokenCount: 20 },
      ],
    };
    const parts = [{ text: 'Hello' }];
    const chunks = [{ candidates: [{ content: { role: 'model', parts }, finishReason: 'STOP' }], usageMetadata }];
    server.reply(() => ({ chunks }));
    const headers = { 'X-Vertex-AI-LLM-Shared-Request-Type': 'priority' };
    const provider = create({ headers });
    const { events } = await collect(provider.chat, ask('Hello', { model: 'gemini-3.8-flash' }));
    expect(server.requests.at(-1)?.headers['x-vertex-ai-llm-shared-request-type']).toBe('priority');
    expect(only(events, 'usage').at(-1)?.usage).toEqual({
      inputTokens: 30,
      outputTokens: 2,
      inputAudioTokens: 20,
      served: { serviceTier: 'priority' },
    });
  });

  it('reports why the models cannot be listed', async () => {
    server.reply(() => ({
      error: { status: 403, grpc: 'PERMISSION_DENIED', message: 'API has not been used in project' },
    }));

    await expect(create().listModels(new AbortController().signal)).rejects.toMatchObject({
      code: 'auth',
      status: 403,
    });
    await expect(create().listModels(AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('reconnects after a failure, without waiting for gRPC’s own next attempt', async () => {
    const late = await startVertexServer();
    const { port, url } = late;
    await late.stop();
    const provider = inProject(makeContext({ connection: { id: 'v', type: 'vertexai', baseUrl: url } }));
    const request = ask('Hello', { model: 'gemini-2.5-flash' });
    const down = await collect(provider.chat, request);
    const again = await startVertexServer({ port });
    const up = await collect(provider.chat, request);
    await again.stop();

    expect(down.error).toMatchObject({ code: 'network', retryable: true });
    expect(up.error).toBeUndefined();
  });
});
