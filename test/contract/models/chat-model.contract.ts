import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChatRequest, ModelProvider } from '../../../src/core/models/chat-model.ts';
import type { ProviderContext } from '../../../src/core/models/connection.ts';
import { ask, collect, only } from '../../unit/models/make-context.ts';
import { collectGarbage } from '../collect-garbage.ts';
import { TEXT } from './recordings.ts';

/** What a fake provider can do with the next request. */
export type Behavior =
  | { kind: 'text' | 'tools' | 'reasoning' | 'cached' | 'length' }
  /** Half of the text, then the end of the stream without the provider's end marker, cleanly or abruptly. */
  | { kind: 'cut'; how: 'end' | 'reset' }
  | { kind: 'status'; status: number; message: string; code?: string; headers?: Record<string, string> }
  /** Never answers, or stops in the middle. */
  | { kind: 'silent'; after: 'nothing' | 'half' }
  | { kind: 'garbage'; what: 'html' | 'not-json' | 'empty' };

/** An implementation of ChatModel with a local fake of its provider. */
export interface Harness {
  model: string;
  connectionId: string;
  create(overrides?: Partial<Pick<ProviderContext, 'timeoutMs' | 'maxRetries' | 'apiKey'>>): ModelProvider;
  script(...behaviors: Behavior[]): void;
  /** The number of requests since `script`. */
  requests(): number;
  /** The JSON body of the last request. */
  lastBody(): unknown;
  /** Resolves once the client has closed the connection of a silent behavior. */
  hungUp(): Promise<void>;
  close(): Promise<void>;
}

export interface ContractOptions {
  name: string;
  start(): Promise<Harness>;
  /** What this protocol cannot do, and why a test for it would be meaningless. */
  without?: readonly ('reasoning' | 'cache-writes' | 'garbage')[];
}

const KEY = 'sk-planted-0123456789abcdef';

/** Everything that all network ChatModels have in common. */
export function describeChatModel({ name, start, without = [] }: ContractOptions): void {
  describe(`the chat model of ${name}`, () => {
    let harness: Harness;
    beforeAll(async () => {
      harness = await start();
    });
    afterAll(() => harness.close());

    const run = (
      behaviors: Behavior[],
      {
        signal,
        request = {},
        ...overrides
      }: Partial<ProviderContext> & { signal?: AbortSignal; request?: Partial<ChatRequest> } = {},
    ) => {
      harness.script(...behaviors);
      const provider = harness.create({ apiKey: KEY, maxRetries: 0, ...overrides });
      return collect(provider.chat, ask('Hello', { model: harness.model, ...request }), signal);
    };

    it('streams text, then usage, then one finish', async () => {
      const { events, text, error } = await run([{ kind: 'text' }]);

      expect(error).toBeUndefined();
      expect(text).toBe(TEXT);
      expect(only(events, 'text-delta').length).toBeGreaterThan(1);
      expect(only(events, 'usage').at(-1)?.usage).toMatchObject({ inputTokens: 12, outputTokens: 5 });
      expect(events.at(-1)).toMatchObject({
        type: 'finish',
        reason: 'stop',
        servedModel: expect.stringMatching(/served-1/),
      });
      expect(only(events, 'raw').length).toBeGreaterThan(1);
    });

    it('emits the request first, without the key', async () => {
      const { events } = await run([{ kind: 'text' }]);

      expect(events[0]?.type).toBe('request');
      expect(JSON.stringify(events)).not.toContain(KEY);
    });

    it('emits each tool call completely, after its arguments have arrived', async () => {
      const tool = { name: 'get_weather', inputSchema: { type: 'object', properties: { city: { type: 'string' } } } };
      const { events } = await run([{ kind: 'tools' }], { request: { tools: [tool] } });

      expect(only(events, 'tool-call').map(({ name, input }) => ({ name, input }))).toEqual([
        { name: 'get_weather', input: { city: 'Oslo' } },
        { name: 'get_time', input: { zone: 'Europe/Oslo' } },
      ]);
      expect(only(events, 'finish')[0]?.reason).toBe('tool-calls');
      expect(JSON.stringify(harness.lastBody())).toContain('get_weather');
    });

    it('sends the tool choice with the tools', async () => {
      const tool = { name: 'get_weather', inputSchema: { type: 'object', properties: { city: { type: 'string' } } } };
      await run([{ kind: 'tools' }], { request: { tools: [tool], parameters: { toolChoice: 'none' } } });

      expect(JSON.stringify(harness.lastBody())).toMatch(
        /"tool_choice":(?:"none"|\{"type":"none"\})|"functionCallingConfig":\{"mode":"NONE"/,
      );
    });

    it.skipIf(without.includes('reasoning'))('keeps reasoning apart from text', async () => {
      const { text, reasoning } = await run([{ kind: 'reasoning' }]);

      expect(reasoning).toBe('Let me see.');
      expect(text).toBe('Yes.');
    });

    it('counts the whole input, and cached input separately', async () => {
      const { events } = await run([{ kind: 'cached' }]);
      const usage = only(events, 'usage').at(-1)?.usage;

      expect(usage).toMatchObject({ inputTokens: 100, cacheReadTokens: 60, outputTokens: 20, reasoningTokens: 8 });
      if (!without.includes('cache-writes')) expect(usage?.cacheWriteTokens).toBe(10);
    });

    it('reports when the answer ended at its limit', async () => {
      const { events } = await run([{ kind: 'length' }]);

      expect(only(events, 'finish')[0]?.reason).toBe('length');
    });

    it.each(['end', 'reset'] as const)(
      'keeps the received text of a cut stream (%s), and does not try again',
      async (how) => {
        const { text, error } = await run([{ kind: 'cut', how }], { maxRetries: 2 });

        expect(text).toBe('Grüße, ');
        expect(error).toMatchObject({ name: 'ProviderError', code: 'stream-cut', retryable: false });
        expect(harness.requests()).toBe(1);
      },
    );

    it.each([401, 403])('suggests Set API Key on %i', async (status) => {
      const { error } = await run([{ kind: 'status', status, message: `Key ${KEY} refused`, code: 'x' }], {
        maxRetries: 2,
      });

      expect(error).toMatchObject({
        code: 'auth',
        status,
        action: { command: 'llmops.connection.setKey', args: [harness.connectionId] },
      });
      expect(String(error)).not.toContain(KEY);
      expect(harness.requests()).toBe(1);
    });

    it('waits and tries again after 429, and reports it', async () => {
      const limited: Behavior = {
        kind: 'status',
        status: 429,
        message: 'Slow down',
        code: 'rate_limit',
        headers: { 'retry-after-ms': '20' },
      };
      const { events, text } = await run([limited, { kind: 'text' }], { maxRetries: 2 });

      expect(only(events, 'retry')).toMatchObject([{ attempt: 1, error: { code: 'rate-limit' } }]);
      expect(only(events, 'request')).toHaveLength(2);
      expect(text).toBe(TEXT);
    });

    it('tries again after a 5xx, and gives up after the allowed number', async () => {
      const down: Behavior = {
        kind: 'status',
        status: 503,
        message: 'Overloaded',
        headers: { 'retry-after-ms': '1' },
      };
      const { events, error } = await run([down], { maxRetries: 2 });

      expect(error).toMatchObject({ code: 'server', status: 503 });
      expect(only(events, 'retry')).toHaveLength(2);
      expect(harness.requests()).toBe(3);
    });

    it('reports a prompt that is too long', async () => {
      const message = 'prompt is too long: this model’s maximum context length is 8192 tokens';
      const { error } = await run([{ kind: 'status', status: 400, message }]);

      expect(error).toMatchObject({ code: 'context-length', retryable: false });
    });

    it('reports a model that does not exist', async () => {
      const message = `The model '${harness.model}' does not exist or you do not have access to it. (model not found)`;
      const { error } = await run([{ kind: 'status', status: 404, message, code: 'not_found_error' }]);

      expect(error).toMatchObject({ code: 'model-not-found' });
    });

    it.each(['nothing', 'half'] as const)('fails when the provider is silent after %s, and hangs up', async (after) => {
      const { error, text } = await run([{ kind: 'silent', after }], { timeoutMs: 60, maxRetries: 2 });

      expect(error).toMatchObject({ code: 'timeout' });
      expect(text).toBe(after === 'half' ? 'Grüße, ' : '');
      await harness.hungUp();
      expect(harness.requests()).toBe(1);
    });

    it('does not send a request that was cancelled before', async () => {
      const { error, events } = await run([{ kind: 'text' }], { signal: AbortSignal.abort() });

      expect(error).toMatchObject({ name: 'AbortError' });
      expect(events).toEqual([]);
      expect(harness.requests()).toBe(0);
    });

    it.each(['nothing', 'half'] as const)(
      'stops at once when it is cancelled after %s, and closes the connection, whatever memory was freed',
      async (after) => {
        harness.script({ kind: 'silent', after });
        const controller = new AbortController();
        const { chat } = harness.create({ apiKey: KEY, maxRetries: 2 });
        let text = '';
        const reading = (async () => {
          for await (const event of chat.stream(ask('Hello', { model: harness.model }), controller.signal)) {
            if (event.type === 'text-delta') text += event.text;
            if (after === 'nothing' ? event.type === 'request' : text === 'Grüße, ')
              void collectGarbage().then(() => controller.abort());
          }
        })();

        await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
        await harness.hungUp();
      },
    );

    it('closes the connection when its reader stops', async () => {
      harness.script({ kind: 'silent', after: 'half' });
      const { chat } = harness.create({ apiKey: KEY });
      for await (const event of chat.stream(ask('Hello', { model: harness.model }), new AbortController().signal)) {
        if (event.type === 'text-delta') break;
      }

      await harness.hungUp();
    });

    it.skipIf(without.includes('garbage')).each(['html', 'not-json', 'empty'] as const)(
      'reports an invalid response (%s)',
      async (what) => {
        const { error } = await run([{ kind: 'garbage', what }], { maxRetries: 2 });

        expect(error).toMatchObject({ name: 'ProviderError', code: 'bad-response', retryable: false });
        expect(harness.requests()).toBe(1);
      },
    );
  });
}
