import { describe, expect, test } from 'vitest';
import type { Fetch } from '../../../src/core/base/ports.ts';
import { findOllama, ollamaOrigin } from '../../../src/core/models/connections/ollama.ts';

describe('the address of Ollama', () => {
  test.each([
    [undefined, 'http://127.0.0.1:11434'],
    ['', 'http://127.0.0.1:11434'],
    ['127.0.0.1:9999', 'http://127.0.0.1:9999'],
    ['0.0.0.0', 'http://127.0.0.1:11434'],
    ['0.0.0.0:5000', 'http://127.0.0.1:5000'],
    [':5000', 'http://127.0.0.1:5000'],
    ['localhost', 'http://127.0.0.1:11434'],
    ['http://localhost:80', 'http://127.0.0.1:80'],
    ['[::1]:5000', 'http://[::1]:5000'],
    ['gpu.example.com:11434', 'http://127.0.0.1:11434'],
    ['https://127.0.0.1:5000', 'http://127.0.0.1:11434'],
    ['http://169.254.169.254', 'http://127.0.0.1:11434'],
    ['%%%', 'http://127.0.0.1:11434'],
  ])('OLLAMA_HOST=%s means %s', (host, origin) => {
    expect(ollamaOrigin({ OLLAMA_HOST: host })).toBe(origin);
  });
});

describe('finding Ollama', () => {
  const answering =
    (body: string, status = 200): Fetch =>
    async () =>
      new Response(body, { status });

  test('a server that responds like Ollama becomes a connection', async () => {
    const asked: string[] = [];
    const fetch: Fetch = async (input) => {
      asked.push(String(input));
      return Response.json({ version: '0.13.0' });
    };
    expect(await findOllama(fetch, {})).toMatchObject({
      id: 'ollama',
      type: 'openai-compatible',
      source: 'discovered',
      baseUrl: 'http://127.0.0.1:11434/v1',
    });
    expect(asked).toEqual(['http://127.0.0.1:11434/api/version']);
  });

  test.each([
    ['nothing listens', (() => Promise.reject(new TypeError('fetch failed'))) as Fetch],
    ['something else answers', answering('<html>')],
    ['it answers with an error', answering('{"version":"1"}', 500)],
    ['it answers without a version', answering('{}')],
  ])('%s: no connection and no error', async (_, fetch) => {
    expect(await findOllama(fetch, {})).toBeUndefined();
  });

  test('a redirect is not followed', async () => {
    let redirect: string | undefined;
    const fetch: Fetch = async (_, init) => {
      redirect = init?.redirect;
      return Response.json({ version: '1' });
    };
    await findOllama(fetch, {});
    expect(redirect).toBe('error');
  });
});
