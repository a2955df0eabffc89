import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { HttpTarget, TargetSpec } from '../../../src/core/evals/file/eval-spec.ts';
import { openTarget } from '../../../src/core/evals/targets/open-target.ts';
import { startConnectProxy } from '../connect-proxy.ts';
import { caPem, serverCertificate } from '../tls-fixture.ts';
import { answerOf, caseOf, targetPorts } from './target-bed.ts';

interface Seen {
  method: string | undefined;
  path: string | undefined;
  headers: IncomingMessage['headers'];
  body: string;
}

const seen: Seen[] = [];
let app: Server;
let other: Server;
let url: string;

/** An application with every fault that a test asks for by its path. */
const FAULTS: Record<string, (response: ServerResponse, request: Seen) => void> = {
  '/answer': (response, { body }) => {
    const question = JSON.parse(body || '{}').question ?? JSON.parse(body || '{}').q;
    const usage = { prompt_tokens: 12, completion_tokens: 3, cost: 0.25 };
    const reply = { text: `You asked: ${question}`, found: [{ text: 'one' }, { text: 'two' }], usage };
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ ...reply, calls: CALLS }));
  },
  '/text': (response) => response.end('plain text, with ümläuts 漢字'),
  '/echo': (response, { headers }) => response.end(JSON.stringify({ text: `your key is ${headers['x-key']}` })),
  '/empty': (response) => response.end(),
  '/half': (response) => response.end('{"text": "cut o'),
  '/500': (response) => response.writeHead(500).end('{"error": {"message": "the database is away"}}'),
  '/once': (response) => {
    const isFirst = seen.filter(({ path }) => path === '/once').length === 1;
    if (isFirst) response.writeHead(429, { 'retry-after': '0' }).end('slow down');
    else response.end('{"text": "now"}');
  },
  '/limited': (response) => response.writeHead(429, { 'retry-after': '0.01' }).end('slow down'),
  '/moved': (response) => response.writeHead(307, { location: `http://127.0.0.1:${portOf(other)}/answer` }).end(),
  '/slash': (response) => response.writeHead(308, { location: '/answer' }).end(),
  '/silent': () => undefined,
  '/drip': (response) => {
    response.write('{"text": "');
    const timer = setInterval(() => response.write('a'), 20);
    response.on('close', () => clearInterval(timer));
  },
  '/flood': (response) => {
    const piece = Buffer.alloc(1024 * 1024, 'a');
    const write = () => {
      while (!response.destroyed && response.write(piece));
    };
    response.on('drain', write);
    write();
  },
  '/cut': (response) => {
    response.writeHead(200, { 'content-length': '1000' }).write('{"text": "');
    setTimeout(() => response.destroy(), 20);
  },
  '/garbage': (response) => response.socket?.end('\0 no HTTP\r\n\r\n'),
  '/headers': (response) => response.writeHead(200, { 'x-long': 'x'.repeat(200_000) }).end('{}'),
  '/bytes': (response) => response.end(Buffer.from([0x7b, 0xff, 0xfe, 0x7d])),
  '/401': (response, { headers }) => response.writeHead(401).end(`wrong key ${headers['x-key']}`),
};
const CALLS = [{ function: { name: 'lookup', arguments: '{"id": 7}' } }];

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { method, url: path, headers } = request;
  const one = { method, path, headers, body: Buffer.concat(chunks).toString() };
  seen.push(one);
  FAULTS[path?.replace(/\?.*/, '') ?? '']?.(response, one);
}

const portOf = (server: Server) => (server.address() as AddressInfo).port;

beforeAll(async () => {
  app = createServer(answer);
  other = createServer(answer);
  for (const server of [app, other]) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${portOf(app)}`;
});
afterAll(() => {
  for (const server of [app, other]) (server as ReturnType<typeof createServer>).closeAllConnections();
  app.close();
  other.close();
});
beforeEach(() => {
  seen.length = 0;
});

function target(path: string, http: Partial<HttpTarget> = {}, timeoutMs = 5000): TargetSpec {
  const paths = { answer: '$.text' };
  return {
    name: 'app',
    timeoutMs,
    http: { url: url + path, method: 'POST', headers: {}, body: undefined, paths, ...http },
  };
}

describe('a server as the target of an evaluation', () => {
  it('gets the inputs as JSON, and answers with contexts, tool calls and usage', async () => {
    const paths = { answer: '$.text', contexts: '$.found[*].text', toolCalls: '$.calls', usage: '$["usage"]' };
    const found = await answerOf(target('/answer', { paths }), { question: 'Why?' });
    expect(found).toMatchObject({
      output: 'You asked: Why?',
      contexts: ['one', 'two'],
      toolCalls: [{ name: 'lookup', arguments: { id: 7 } }],
      usage: { inputTokens: 12, outputTokens: 3 },
      costUsd: 0.25,
      cacheKey: undefined,
      simulated: false,
      error: undefined,
    });
    expect(found.latencyMs).toBeGreaterThan(0);
    expect(seen[0]).toMatchObject({ method: 'POST', body: '{"question":"Why?"}' });
    expect(seen[0]?.headers).toMatchObject({ 'content-type': 'application/json', 'user-agent': 'llmops-workbench' });
  });

  it('never gets what is expected, and gets a conversation as messages', async () => {
    await using ports = targetPorts();
    const opened = await openTarget(target('/text', { paths: {} }), ports);
    const messages = [{ role: 'user' as const, parts: [{ type: 'text' as const, text: 'Hi' }] }];
    await opened.answer(caseOf({ lang: 'en' }, { messages }), 1, new AbortController().signal);
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({ lang: 'en', messages: [{ role: 'user', content: 'Hi' }] });
  });

  it('fills a body: a whole reference keeps its type, and an input is no template', async () => {
    const body = { q: 'In {{lang}}: {{question}}', options: { ids: '{{ids}}' }, first: '{{ids[0]}}' };
    await answerOf(target('/answer', { body }), { lang: '{{question}}', question: 'Why "now"?', ids: [1, 2] });
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
      q: 'In {{question}}: Why "now"?',
      options: { ids: [1, 2] },
      first: 1,
    });
  });

  it('puts inputs into the query of a GET request', async () => {
    const spec = target('/text?v=1', { method: 'GET', paths: {} });
    const { output } = await answerOf(spec, { q: 'a&b ä', ids: [1] });
    expect(output).toBe('plain text, with ümläuts 漢字');
    expect(Object.fromEntries(new URL(url + seen[0]?.path).searchParams)).toEqual({ v: '1', q: 'a&b ä', ids: '[1]' });
  });

  it('sends a secret only to the origin that may have it, and removes it from the answer', async () => {
    const headers = { 'X-Key': '${secret:app}' };
    const spec = target('/echo', { headers });
    const env = { LLMOPS_SECRET_APP: 'sekret-value-1234' };
    await expect(answerOf(spec, {}, { env })).rejects.toMatchObject({ code: 'key-origin' });
    await expect(answerOf(spec, {})).rejects.toMatchObject({
      code: 'missing-key',
      message: 'There is no value for the secret in the header X-Key of the target app.',
    });
    expect(seen).toEqual([]);
    const allowed = { ...env, LLMOPS_ALLOW_ORIGINS: `LLMOPS_SECRET_APP=${url}` };
    expect((await answerOf(spec, {}, { env: allowed })).output).toBe('your key is [removed]');
    expect(seen[0]?.headers['x-key']).toBe('sekret-value-1234');
    const refused = await answerOf(target('/401', { headers }), {}, { env: allowed });
    expect(refused.error).toMatchObject({ code: 'auth', message: 'app (401): wrong key [removed]' });
  });

  it.each([
    ['/500', 'server', /^app \(500\): the database is away$/],
    ['/half', 'bad-response', /^app did not answer with JSON\. It answered: \{"text": "cut o$/],
    ['/empty', 'bad-response', /^app answered with an empty body\.$/],
    ['/bytes', 'bad-response', /^app answered with bytes that are not UTF-8\.$/],
    ['/moved', 'bad-response', /^app redirects to http:\/\/127\.0\.0\.1:\d+; nothing was sent there\.$/],
    ['/garbage', 'bad-response', /^app: 127\.0\.0\.1:\d+ did not answer with valid HTTP \(\w+\)\.$/],
    [
      '/headers',
      'bad-response',
      /^app: 127\.0\.0\.1:\d+ did not answer with valid HTTP \(UND_ERR_HEADERS_OVERFLOW\)\.$/,
    ],
    ['/slash', 'bad-response', /^app redirects to http:\/\/127\.0\.0\.1:\d+\/answer; nothing was sent there\.$/],
    ['/limited', 'rate-limit', /^app \(429\): slow down$/],
    ['/cut', 'network', /^app: /],
    ['/flood', 'bad-response', /^app answered with more than 16 MB and was not read to the end\.$/],
  ])('makes %s an error of the answer', async (path, code, message) => {
    const { output, error } = await answerOf(target(path), { question: 'Why?' });
    expect(output).toBe('');
    expect(error).toMatchObject({ code, message: expect.stringMatching(message), hint: expect.any(String) });
    expect(seen.filter((one) => one.path !== path)).toEqual([]);
  });

  it.each(['/silent', '/drip'])('ends the request %s after the timeout of the target', async (path) => {
    const { error } = await answerOf(target(path, {}, 150), {});
    expect(error).toMatchObject({ code: 'timeout', message: 'app did not answer within 150 ms.' });
  });

  it('reports a server that does not run, and a path that the response lacks', async () => {
    const unused = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => unused.once('listening', resolve));
    const port = portOf(unused);
    await new Promise((resolve) => unused.close(resolve));
    const lost = await answerOf(target('', { url: `http://127.0.0.1:${port}/` }), {});
    expect(lost.error).toMatchObject({ code: 'network', connectionFailure: 'refused' });
    const { error } = await answerOf(target('/answer', { paths: { answer: '$.reply' } }), { question: 'Why?' });
    expect(error?.message).toMatch(/^app has no \$\.reply in its response\. It answered: \{"text":"You asked: Why\?"/);
    const contexts = await answerOf(target('/answer', { paths: { contexts: '$.found' } }), { question: 'Why?' });
    expect(contexts.error?.message).toMatch(/^app gave contexts that are not a list of texts\./);
  });

  it('tries again after a refusal for the moment, as often as connections do', async () => {
    const { output } = await answerOf(target('/once'), {}, { maxRetries: 3 });
    expect(output).toBe('now');
    const { error } = await answerOf(target('/limited'), {}, { maxRetries: 2 });
    expect(error?.code).toBe('rate-limit');
    expect(seen.filter(({ path }) => path === '/limited')).toHaveLength(3);
  });

  it('goes through a proxy, and trusts the certificates of the settings only', async () => {
    await using proxy = await startConnectProxy({ hosts: { 'app.example.test': portOf(app) } });
    const remote = target('', { url: 'http://app.example.test/once' });
    const { output } = await answerOf(remote, {}, { network: { proxyUrl: proxy.url }, maxRetries: 1 });
    expect(output).toBe('now');
    expect(proxy.seen).toEqual(['http://app.example.test/once', 'http://app.example.test/once']);
    const secure = createTlsServer(serverCertificate, answer).listen(0, '127.0.0.1');
    await new Promise((resolve) => secure.once('listening', resolve));
    const spec = target('', { url: `https://127.0.0.1:${portOf(secure)}/text`, paths: {} });
    expect((await answerOf(spec, {})).error).toMatchObject({ code: 'tls' });
    expect((await answerOf(spec, {}, { network: { caPem } })).output).toMatch(/^plain text/);
    secure.closeAllConnections();
    secure.close();
  });

  it('rejects after a cancellation, and is not used in an untrusted workspace', async () => {
    await using ports = targetPorts();
    const opened = await openTarget(target('/silent'), ports);
    const control = new AbortController();
    const answered = opened.answer(caseOf({}), 1, control.signal);
    setTimeout(() => control.abort(), 50);
    await expect(answered).rejects.toMatchObject({ name: 'AbortError' });
    await expect(answerOf(target('/text'), {}, { trusted: false })).rejects.toMatchObject({ code: 'untrusted' });
  });
});
