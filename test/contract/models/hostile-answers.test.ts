import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGzip, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAnthropicProvider } from '../../../src/core/models/anthropic/anthropic.ts';
import { createOpenAiProvider } from '../../../src/core/models/openai/openai.ts';
import {
  createProviderRedactor,
  explainHttpFailure,
} from '../../../src/core/models/transport/errors/provider-errors.ts';
import { ask, collect, makeContext } from '../../unit/models/make-context.ts';

const KEY = `planted-${'0123456789abcdef'.repeat(10)}`;
const SSE = { 'content-type': 'text/event-stream' };
const JSON_TYPE = { 'content-type': 'application/json' };
const MEGABYTE = 'x'.repeat(1024 * 1024);
const signal = new AbortController().signal;

let server: Server;
let answer: (response: ServerResponse) => void;
/** Megabytes that were sent before the client closed the connection. */
let sent = 0;

beforeAll(async () => {
  server = createServer((request, response) => {
    sent = 0;
    request.resume();
    response.on('error', () => undefined);
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

/** Writes as long as the client reads. */
function pourOut(text: string, response: ServerResponse): void {
  const more = () => {
    if (response.destroyed || sent > 1000) return response.end();
    sent += 1;
    response.write(text, () => setImmediate(more));
  };
  more();
}

const PROVIDERS = [
  ['openai', createOpenAiProvider],
  ['anthropic', createAnthropicProvider],
] as const;

describe.each(PROVIDERS)('%s with a malicious server', (type, create) => {
  const open = (timeoutMs = 20_000) => {
    const { port } = server.address() as AddressInfo;
    return create(makeContext({ apiKey: KEY, timeoutMs, connection: { type, baseUrl: `http://127.0.0.1:${port}` } }));
  };
  const run = async (timeoutMs?: number) => (await collect(open(timeoutMs).chat, ask('Hi', { model: 'm' }))).error;

  it('stops a line that never ends', async () => {
    answer = (response) => pourOut(MEGABYTE, response.writeHead(200, SSE));
    expect(await run()).toMatchObject({
      code: 'bad-response',
      message: expect.stringContaining('exceeded the size limit'),
    });
    expect(sent).toBeLessThan(100);
  });

  it('stops a small body that decompresses to a huge one', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, 'y'));
    answer = (response) => response.writeHead(200, { ...SSE, 'content-encoding': 'gzip' }).end(bomb);
    expect(bomb.length).toBeLessThan(100_000);
    expect(await run()).toMatchObject({
      code: 'bad-response',
      message: expect.stringContaining('exceeded the size limit'),
    });
  });

  it('stops a model list that never ends', async () => {
    answer = (response) => pourOut(`[${MEGABYTE.slice(1)}`, response.writeHead(200, JSON_TYPE));
    await expect(open().listModels(signal)).rejects.toMatchObject({ code: 'bad-response' });
    expect(sent).toBeLessThan(200);
  });

  it('reads only the beginning of an error, compressed or not', async () => {
    answer = (response) => pourOut(`{"error":{"message":"${MEGABYTE}`, response.writeHead(400, JSON_TYPE));
    expect(await run()).toMatchObject({ status: 400, code: 'bad-request' });
    expect(sent).toBeLessThan(100);
    answer = (response) => {
      const gzip = createGzip();
      response.writeHead(400, { ...JSON_TYPE, 'content-encoding': 'gzip' });
      gzip.pipe(response);
      gzip.end(Buffer.alloc(64 * 1024 * 1024, 'z'));
    };
    expect(await run()).toMatchObject({ status: 400, message: expect.stringMatching(/^.{0,700}$/s) });
  });

  it('does not wait forever for the rest of an error', async () => {
    answer = (response) => void response.writeHead(500, JSON_TYPE).write('{"error":');
    expect(await run(100)).toMatchObject({ code: 'timeout' });
  });

  it('shows no part of a key, wherever the sample of an invalid answer is cut', async () => {
    for (const filler of [0, 60, 110, 119, 250]) {
      const text = `${'a '.repeat(filler / 2)}${`${KEY} `.repeat(40)}`;
      answer = (response) => response.writeHead(200, { 'content-type': 'text/plain' }).end(text);
      const error = await run();
      expect(error).toMatchObject({ code: 'bad-response' });
      expect(String(error)).not.toContain(KEY.slice(0, 12));
    }
  });
});

it('reads any long or odd message quickly', () => {
  const context = makeContext();
  const about = { context, redactor: createProviderRedactor(context) };
  for (const piece of ['not_found_error ', 'eyJaaaaaaaa-', 'Bearer ', 'model ', ' ']) {
    const message = piece.repeat(1_000_000 / piece.length);
    const error = explainHttpFailure({ status: 404, code: message, message }, about);
    expect(error.message.length).toBeLessThan(700);
  }
});
