import { describe, expect, it } from 'vitest';
import { createAnthropicProvider } from '../../../src/core/models/anthropic/anthropic.ts';
import { createAzureOpenAiProvider } from '../../../src/core/models/openai/azure-openai.ts';
import { createGoogleAiProvider } from '../../../src/core/models/openai/googleai.ts';
import { createOpenAiProvider } from '../../../src/core/models/openai/openai.ts';
import { createOpenAiCompatibleProvider } from '../../../src/core/models/openai/openai-compatible.ts';
import { ask, collect, makeContext } from '../../unit/models/make-context.ts';
import { describeChatModel } from './chat-model.contract.ts';
import { type HttpHarnessOptions, startHttpHarness } from './http-harness.ts';
import { fetchOfChunks } from './http-server.ts';
import { chatRecordings, messagesRecordings, type Recordings, responsesRecordings } from './recordings.ts';

const PROVIDERS: Record<string, HttpHarnessOptions> = {
  'OpenAI over chat completions': {
    type: 'openai',
    model: 'gpt-4.1',
    createProvider: createOpenAiProvider,
    recordings: chatRecordings(),
    path: '/v1',
  },
  'OpenAI over responses': {
    type: 'openai',
    model: 'gpt-5.6-luna',
    createProvider: createOpenAiProvider,
    recordings: responsesRecordings(),
    path: '/v1',
  },
  'Azure OpenAI': {
    type: 'azure-openai',
    model: 'my-deployment',
    createProvider: createAzureOpenAiProvider,
    recordings: chatRecordings(),
    path: '',
  },
  'Gemini by API key': {
    type: 'googleai',
    model: 'gemini-3.8-flash',
    createProvider: createGoogleAiProvider,
    recordings: chatRecordings(),
    path: '/v1beta/openai',
  },
  'a server like vLLM': {
    type: 'openai-compatible',
    model: 'llama-3-70b',
    createProvider: createOpenAiCompatibleProvider,
    recordings: chatRecordings('reasoning_content'),
    path: '/v1',
  },
  'a server like Ollama': {
    type: 'openai-compatible',
    model: 'qwen3:8b',
    createProvider: createOpenAiCompatibleProvider,
    recordings: chatRecordings('reasoning'),
    path: '/v1',
  },
  Anthropic: {
    type: 'anthropic',
    model: 'claude-sonnet-5-5',
    createProvider: createAnthropicProvider,
    recordings: messagesRecordings(),
    path: '',
  },
};

for (const [name, options] of Object.entries(PROVIDERS)) {
  const without = options.recordings.reasoning === undefined ? (['reasoning'] as const) : [];
  describeChatModel({ name, start: () => startHttpHarness(options), without });
}

describe.each(['OpenAI over chat completions', 'OpenAI over responses', 'a server like vLLM', 'Anthropic'])(
  'the stream of %s',
  (name) => {
    const options = PROVIDERS[name];
    if (!options) throw new Error(`no provider ${name}`);
    // The same code reads what vLLM and OpenAI have in common, so only its reasoning is cut here.
    const all = name === 'a server like vLLM' ? (['reasoning'] as const) : (['text', 'tools', 'reasoning'] as const);
    const kinds = all.filter((kind) => options.recordings[kind] !== undefined);

    it.each(kinds)('reads the same events from %s wherever the bytes are cut', async (kind) => {
      const bytes = new TextEncoder().encode(bodyOf(options.recordings, kind));
      const read = (chunks: Uint8Array[]) => {
        const context = makeContext({
          connection: { type: options.type, baseUrl: 'http://127.0.0.1:9' },
          apiKey: 'k-000000',
          fetch: fetchOfChunks(chunks),
        });
        return collect(options.createProvider(context).chat, ask('Hello', { model: options.model }));
      };
      const whole = await read([bytes]);
      expect(whole.error).toBeUndefined();
      const expected = JSON.stringify(whole);

      for (let at = 1; at < bytes.length; at += 1) {
        const split = await read([bytes.slice(0, at), bytes.slice(at)]);
        // Compared as text: thousands of deep comparisons would take longer than the streams.
        if (JSON.stringify(split) !== expected) expect(split, `cut at byte ${at}`).toEqual(whole);
      }
      const single = await read(Array.from(bytes, (byte) => Uint8Array.of(byte)));
      expect(single).toEqual(whole);
    });

    it('reads a body that a server sends byte by byte', async () => {
      const harness = await startHttpHarness(options);
      try {
        harness.server.script({ kind: 'body', body: options.recordings.text, chunkBytes: 1 });
        const { text, error } = await collect(
          harness.create({ apiKey: 'k-000000' }).chat,
          ask('Hello', { model: options.model }),
        );

        expect(error).toBeUndefined();
        expect(text).toBe('Grüße, 🌍!');
      } finally {
        await harness.close();
      }
    });
  },
);

function bodyOf(recordings: Recordings, kind: 'text' | 'tools' | 'reasoning'): string {
  return recordings[kind] ?? '';
}
