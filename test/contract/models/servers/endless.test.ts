import { execFile } from 'node:child_process';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { createAnthropicProvider } from '../../../../src/core/models/anthropic/anthropic.ts';
import { createOpenAiCompatibleProvider } from '../../../../src/core/models/openai/openai-compatible.ts';
import { ask, collect, makeContext, only } from '../../../unit/models/make-context.ts';
import { delta, pour, sse, stop } from './serve.ts';

const MB = 1024 * 1024;
const SCRIPT = fileURLToPath(new URL('./endless-process.ts', import.meta.url));
const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
});

async function serve(answer: (response: ServerResponse) => void): Promise<string> {
  const server = createServer((request, response) => {
    request.resume();
    response.on('error', () => undefined);
    answer(response.writeHead(200, { 'content-type': 'text/event-stream' }));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('a stream that never ends', () => {
  it.each([
    ['a few letters at a time', 'abcdefghijklmnop '],
    ['a page at a time', 'x'.repeat(2_000)],
    ['in letters of two bytes', 'ж '.repeat(100)],
  ])(
    'is stopped at 16 MB of text, within 150 MB and three times the text: %s',
    { timeout: 120_000 },
    async (_, piece) => {
      const block = Buffer.from(sse(delta({ content: piece })).repeat(Math.ceil(65_536 / (piece.length + 200))));
      const url = await serve((response) => pour(block, response));
      const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, `${url}/v1`]);
      const { state, kept, error, used } = JSON.parse(stdout);

      expect({ state, error }).toEqual({ state: 'failed', error: 'The answer was stopped at 16 MB of text.' });
      expect(kept).toBeGreaterThan(16 * MB - 4);
      expect(kept).toBeLessThanOrEqual(16 * MB);
      expect(used / MB).toBeLessThanOrEqual(150 + (3 * kept) / MB);
    },
  );

  it('is stopped in the arguments of a tool call too', async () => {
    const call = { index: 0, id: 'a', function: { name: 'f', arguments: 'x'.repeat(20_000) } };
    const block = Buffer.from(sse(delta({ tool_calls: [call] })));
    const baseUrl = `${await serve((response) => pour(block, response))}/v1`;
    const { chat } = createOpenAiCompatibleProvider(makeContext({ connection: { baseUrl } }));
    const { error } = await collect(chat, ask('Hi'));

    expect(error).toMatchObject({ code: 'bad-response', message: expect.stringContaining('16 MB') });
  });

  it('is stopped if it only contains chunks without content, long before its timeout', {
    timeout: 120_000,
  }, async () => {
    const block = Buffer.from(sse(delta({ content: '' })).repeat(200));
    const baseUrl = `${await serve((response) => pour(block, response))}/v1`;
    const { chat } = createOpenAiCompatibleProvider(makeContext({ connection: { baseUrl } }));

    expect((await collect(chat, ask('Hi'))).error).toMatchObject({
      code: 'bad-response',
      message: expect.stringContaining('exceeded the size limit'),
    });
  });
});

const PING: Record<string, [create: typeof createAnthropicProvider, path: string, ping: string]> = {
  'comments, as OpenRouter sends them': [createOpenAiCompatibleProvider, '/v1', ': OPENROUTER PROCESSING\n\n'],
  'empty deltas': [createOpenAiCompatibleProvider, '/v1', sse(delta({ content: '' }))],
  'empty data': [createOpenAiCompatibleProvider, '/v1', 'data:\n\n'],
  'pings of the Messages API': [createAnthropicProvider, '', 'event: ping\ndata: {"type": "ping"}\n\n'],
};

// at once, because they only wait: their limits are far above the pauses of a busy machine
describe.concurrent.each(Object.entries(PING))('a server that only shows activity: %s', (_, [create, path, ping]) => {
  const open = async (answer: (response: ServerResponse, beat: () => void) => void, limits: object) => {
    const baseUrl =
      (await serve((response) => {
        const timer = setInterval(() => response.write(ping), 20);
        response.on('close', () => clearInterval(timer));
        answer(response, () => clearInterval(timer));
      })) + path;
    return create(makeContext({ apiKey: 'k-000000', connection: { baseUrl }, maxRetries: 2, ...limits })).chat;
  };

  it('is allowed to exceed the limit on silence, and stopped at the second limit', async () => {
    const started = performance.now();
    const chat = await open(() => undefined, { timeoutMs: 5_000, contentTimeoutMs: 12_000 });
    const { error, events } = await collect(chat, ask('Hi'));

    expect(error).toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('sent no part of an answer for 12 s'),
      hint: expect.stringContaining('contentTimeoutSeconds'),
    });
    expect(performance.now() - started).toBeGreaterThan(11_900);
    expect(only(events, 'alive').length).toBeGreaterThan(0);
    expect(only(events, 'request')).toHaveLength(1);
  });

  it('fails by the limit on silence once its activity stops', async () => {
    const chat = await open((_response, end) => setTimeout(end, 2_000), { timeoutMs: 5_000, contentTimeoutMs: 60_000 });

    expect((await collect(chat, ask('Hi'))).error).toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('sent nothing more'),
    });
  });
});

describe('content between keep-alives', () => {
  const drip = async (chunks: unknown[], everyMs: number, limits: object) => {
    const baseUrl = `${await serve((response) => {
      const waiting = [...chunks];
      const timer = setInterval(() => {
        response.write(': keep-alive\n\n');
        const next = waiting.shift();
        if (next !== undefined) response.write(sse(next));
        else response.end('data: [DONE]\n\n');
      }, everyMs);
      response.on('close', () => clearInterval(timer));
    })}/v1`;
    const { chat } = createOpenAiCompatibleProvider(makeContext({ connection: { baseUrl }, ...limits }));
    return collect(chat, ask('Hi'));
  };

  it('restarts the second limit, whether it is text, reasoning or a part of a tool call', async () => {
    const argument = (piece: string) =>
      delta({ tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: piece } }] });
    const chunks = [
      ...['a', 'b', 'c'].map((content) => delta({ content })),
      ...['d', 'e', 'f'].map((reasoning) => delta({ reasoning })),
      ...['{"x"', ':[1', ',2', ']}'].map(argument),
      stop('tool_calls'),
    ];
    const { error, text, events } = await drip(chunks, 400, { timeoutMs: 3_000, contentTimeoutMs: 3_000 });

    expect(error).toBeUndefined();
    expect(text).toBe('abc');
    expect(only(events, 'tool-call')).toMatchObject([{ input: { x: [1, 2] } }]);
  });

  it('cannot have a shorter limit than silence', async () => {
    const { error, text } = await drip([delta({ content: 'a' }), stop()], 250, {
      timeoutMs: 5_000,
      contentTimeoutMs: 50,
    });

    expect({ error, text }).toEqual({ error: undefined, text: 'a' });
  });
});
