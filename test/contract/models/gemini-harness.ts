import { createVertexAiProvider } from '../../../src/core/models/vertexai/vertexai.ts';
import { makeContext } from '../../unit/models/make-context.ts';
import { startVertexServer, type VertexReply, type VertexServer } from '../vertex-server.ts';
import type { Behavior, Harness } from './chat-model.contract.ts';

const GRPC_NAMES: Record<number, string> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  503: 'UNAVAILABLE',
};

type Chunk = Record<string, unknown>;
const served = { modelVersion: 'served-1', responseId: 'r1' };
const chunk = (parts: Chunk[], extra: Chunk = {}, finishReason?: string): Chunk => ({
  ...served,
  candidates: [{ content: { role: 'model', parts }, ...(finishReason ? { finishReason } : {}) }],
  ...extra,
});
const usageMetadata = { promptTokenCount: 12, candidatesTokenCount: 5, totalTokenCount: 17 };
const texts = ['Grü', 'ße, ', '🌍!'].map((text) => chunk([{ text }]));
const end = (finishReason: string, extra: Chunk = { usageMetadata }) => chunk([], extra, finishReason);
const call = (name: string, args: Chunk): Chunk => ({ functionCall: { name, args } });

const CHUNKS: Record<string, Chunk[]> = {
  text: [...texts, end('STOP')],
  half: texts.slice(0, 2),
  tools: [
    chunk([call('get_weather', { city: 'Oslo' })]),
    chunk([call('get_time', { zone: 'Europe/Oslo' })]),
    end('STOP'),
  ],
  reasoning: [
    chunk([{ text: 'Let me ', thought: true }]),
    chunk([{ text: 'see.', thought: true }]),
    chunk([{ text: 'Yes.' }]),
    end('STOP'),
  ],
  cached: [
    end('STOP', {
      usageMetadata: {
        promptTokenCount: 100,
        cachedContentTokenCount: 60,
        candidatesTokenCount: 12,
        thoughtsTokenCount: 8,
        totalTokenCount: 120,
      },
    }),
  ],
  length: [chunk([{ text: 'Half' }]), end('MAX_TOKENS')],
};

/** Gemini over gRPC against the local Vertex AI. */
export async function startGeminiHarness(): Promise<Harness & { server: VertexServer }> {
  const server = await startVertexServer();
  let before = 0;
  return {
    server,
    model: 'gemini-3.8-flash',
    connectionId: 'vertexai',
    create(overrides = {}) {
      const connection = {
        id: 'vertexai',
        type: 'vertexai',
        baseUrl: server.url,
        project: 'p',
        location: 'us-central1',
      } as const;
      return createVertexAiProvider(makeContext({ connection, ...overrides }));
    },
    script(...behaviors) {
      before = server.requests.length;
      const replies = behaviors.map(toReply);
      server.reply(() => (replies.length > 1 ? replies.shift() : replies[0]));
    },
    requests: () => server.requests.length - before,
    lastBody: () => server.requests.at(-1)?.body,
    hungUp: () => server.hungUp(),
    close: () => server.stop(),
  };
}

function toReply(behavior: Behavior): VertexReply {
  switch (behavior.kind) {
    case 'cut':
      return { chunks: CHUNKS.half ?? [], ending: behavior.how === 'end' ? 'stop' : 'cut' };
    case 'silent':
      return { chunks: behavior.after === 'half' ? (CHUNKS.half ?? []) : [], ending: 'hang' };
    case 'status': {
      const { status, message, headers } = behavior;
      const retryAfter = headers?.['retry-after-ms'];
      const retryAfterMs = retryAfter === undefined ? {} : { retryAfterMs: Number(retryAfter) };
      return { error: { status, message, grpc: GRPC_NAMES[status] ?? 'UNKNOWN', ...retryAfterMs } };
    }
    case 'garbage':
      throw new Error('gRPC frames cannot be garbage of this kind.');
    default:
      return { chunks: CHUNKS[behavior.kind] ?? [] };
  }
}
