import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createNetwork, type NetworkSettings } from '../../src/core/base/network/network.ts';
import { findOwnError, toNetworkError } from '../../src/core/base/network/network-errors.ts';
import { type ConnectProxy, startConnectProxy } from './connect-proxy.ts';
import { caFile, caPem, serverCertificate } from './tls-fixture.ts';

interface Seen {
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

const requests: Seen[] = [];
let plain: Server;
let secure: Server;
const networks: { close(): Promise<void> }[] = [];

/** An OpenAI and Anthropic server in one: a short stream for each, and an echo for everything else. */
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString();
  const path = request.url ?? '';
  requests.push({ path, headers: request.headers, body });
  if (path === '/redirect') return void response.writeHead(302, { location: '/echo' }).end();
  if (path === '/none') return void response.writeHead(204).end();
  if (path.endsWith('/chat/completions')) return stream(response, OPENAI_STREAM);
  if (path.endsWith('/messages')) return stream(response, ANTHROPIC_STREAM);
  response.writeHead(200, { 'content-type': 'application/json', 'x-seen': 'yes' }).end(JSON.stringify({ path, body }));
}

const OPENAI_STREAM = [
  { choices: [{ index: 0, delta: { content: 'from ' } }] },
  { choices: [{ index: 0, delta: { content: 'openai' } }] },
].map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`);
const ANTHROPIC_STREAM = [
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'from anthropic' } },
  { type: 'message_stop' },
].map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);

function stream(response: ServerResponse, events: string[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const event of events) response.write(event);
  response.end('data: [DONE]\n\n');
}

const portOf = (server: Server) => (server.address() as AddressInfo).port;

function network(settings: Partial<NetworkSettings>) {
  const made = createNetwork({ systemCa: false, strictSsl: true, env: {}, ...settings });
  networks.push(made);
  return made;
}

/** A port that was free a moment ago. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const port = portOf(server);
  await new Promise((done) => server.close(done));
  return port;
}

async function failure(promise: Promise<unknown>, url: string) {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return toNetworkError(error, url);
}

beforeAll(async () => {
  plain = createServer(answer);
  secure = createTlsServer(serverCertificate, answer);
  for (const server of [plain, secure]) await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
});

afterAll(async () => {
  for (const made of networks) await made.close();
  plain.close();
  secure.close();
});

describe('certificates', () => {
  const url = () => `https://127.0.0.1:${portOf(secure)}/echo`;

  it('rejects a server signed by an unknown authority, as a TLS error with a hint', async () => {
    const error = await failure(network({}).fetch(url()), url());
    expect(error).toMatchObject({ code: 'tls', retryable: false });
    expect(error?.hint).toContain('llmops.network.caFile');
  });

  it.each([
    ['a named file', { caFile }],
    ['PEM text', { caPem }],
    ['NODE_EXTRA_CA_CERTS', { env: { NODE_EXTRA_CA_CERTS: caFile } }],
    ['SSL_CERT_FILE', { env: { SSL_CERT_FILE: caFile } }],
    ['disabled strict checking', { strictSsl: false }],
  ])('trusts it through %s', async (_, settings) => {
    expect((await network(settings).fetch(url())).status).toBe(200);
  });

  it('still trusts what Node trusts when a file is set', () => {
    const extra = network({ caFile }).options.extraCa;
    expect(extra).toEqual([caPem.trim()]);
  });

  it('reports a missing certificate file, and one without certificates', async () => {
    const readme = caFile.replace('ca.pem', 'README.md');
    await expect(network({ caFile: '/nowhere/ca.pem' }).fetch(url())).rejects.toThrow('/nowhere/ca.pem cannot be read');
    await expect(network({ caFile: readme }).fetch(url())).rejects.toThrow('contains no certificate');
  });

  it('ignores a file that is only set in the environment', async () => {
    const env = { NODE_EXTRA_CA_CERTS: '/nowhere/ca.pem' };
    expect((await network({ caFile, env }).fetch(url())).status).toBe(200);
  });
});

describe('a proxy', () => {
  let proxy: ConnectProxy;
  let guarded: ConnectProxy;
  const secureUrl = 'https://api.example.test/echo';

  beforeAll(async () => {
    const hosts = { 'api.example.test': portOf(secure), 'plain.example.test': portOf(plain) };
    proxy = await startConnectProxy({ hosts });
    guarded = await startConnectProxy({ hosts, credentials: 'me:p-ss' });
  });

  afterAll(async () => {
    await proxy.stop();
    await guarded.stop();
  });

  it('from the setting carries https with CONNECT and http by its absolute URL', async () => {
    const { fetch } = network({ proxyUrl: proxy.url, caFile });
    expect(await (await fetch(secureUrl)).json()).toMatchObject({ path: '/echo' });
    expect(await (await fetch('http://plain.example.test/echo')).json()).toMatchObject({ path: '/echo' });
    expect(proxy.seen).toEqual(['api.example.test:443', 'http://plain.example.test/echo']);
  });

  it('from the environment is used, and NO_PROXY bypasses it', async () => {
    const before = proxy.seen.length;
    const env = { HTTPS_PROXY: proxy.url, NO_PROXY: 'other.example.test' };
    const { fetch } = network({ caFile, env });
    await fetch(secureUrl);
    expect(proxy.seen.length).toBe(before + 1);
    const url = 'https://other.example.test/';
    expect(await failure(fetch(url), url)).toMatchObject({ code: 'dns' });
    expect(proxy.seen.length).toBe(before + 1);
  });

  it('is not used for loopback', async () => {
    const before = proxy.seen.length;
    await network({ proxyUrl: proxy.url }).fetch(`http://127.0.0.1:${portOf(plain)}/echo`);
    expect(proxy.seen.length).toBe(before);
  });

  it('gets the user and password of its URL', async () => {
    expect((await network({ proxyUrl: guarded.url, caFile }).fetch(secureUrl)).status).toBe(200);
    expect((await network({ proxyUrl: guarded.url }).fetch('http://plain.example.test/echo')).status).toBe(200);
  });

  it('that requires a password says so, without showing the one it received', async () => {
    const wrong = guarded.url.replace('me:p-ss', 'me:hunter2');
    const error = await failure(network({ proxyUrl: wrong, caFile }).fetch(secureUrl), secureUrl);
    expect(error).toMatchObject({ code: 'network', retryable: false });
    expect(error?.message).toContain('user name and a password');
    expect(JSON.stringify([error?.message, error?.hint])).not.toContain('hunter2');
  });

  it('that is down is a network error', async () => {
    const { fetch } = network({ proxyUrl: `http://127.0.0.1:${await closedPort()}`, caFile });
    expect(await failure(fetch(secureUrl), secureUrl)).toMatchObject({ code: 'network', retryable: true });
  });

  it.each([
    ['socks5://127.0.0.1:1080', 'has the scheme socks5, which is not supported'],
    ['socks5h://me:hunter2@127.0.0.1:1080', 'has the scheme socks5h'],
    ['http://', 'is not a URL'],
  ])('that cannot be used (%s) fails the requests that would use it, and no others', async (value, reason) => {
    for (const settings of [
      { proxyUrl: value, noProxy: ['around.example.test'] },
      { env: { ALL_PROXY: value, NO_PROXY: 'around.example.test' } },
    ]) {
      const { fetch, options } = network({ caFile, ...settings });
      expect(options.noProxy).toEqual(['around.example.test']);
      const error = findOwnError(await fetch(secureUrl).catch((thrown: unknown) => thrown));
      expect(error).toMatchObject({ code: 'network', retryable: false, hint: expect.stringContaining('NO_PROXY') });
      expect(error?.message).toContain(reason);
      expect(JSON.stringify([error?.message, error?.hint])).not.toContain('hunter2');
      const loopback = `http://127.0.0.1:${portOf(plain)}/echo`;
      expect((await fetch(loopback)).status).toBe(200);
      const around = 'https://around.example.test/';
      expect(await failure(fetch(around), around)).toMatchObject({ code: 'dns' });
    }
  });

  it('of a supported kind for https is used, while SOCKS for the rest is not', async () => {
    const { fetch } = network({ caFile, env: { HTTPS_PROXY: proxy.url, ALL_PROXY: 'socks5://127.0.0.1:1' } });
    expect((await fetch(secureUrl)).status).toBe(200);
    const plainUrl = 'http://plain.example.test/echo';
    expect(findOwnError(await fetch(plainUrl).catch((thrown: unknown) => thrown))?.message).toContain('socks5');
  });

  it('carries the OpenAI and the Anthropic SDK, certificates included', async () => {
    const { fetch } = network({ proxyUrl: proxy.url, caFile });
    const common = { apiKey: 'k', fetch, maxRetries: 0 };
    const openai = new OpenAI({ ...common, baseURL: 'https://api.example.test/v1' });
    const chunks = await openai.chat.completions.create({ model: 'm', messages: [], stream: true });
    let text = '';
    for await (const chunk of chunks) text += chunk.choices[0]?.delta.content ?? '';
    expect(text).toBe('from openai');

    const anthropic = new Anthropic({ ...common, baseURL: 'https://api.example.test' });
    const events = await anthropic.messages.create({ model: 'm', max_tokens: 1, messages: [], stream: true });
    const types: string[] = [];
    for await (const event of events) types.push(event.type);
    expect(types).toContain('content_block_delta');
  });
});

describe('requests', () => {
  const base = () => `http://127.0.0.1:${portOf(plain)}`;

  it('may be global Request objects, with their headers and body', async () => {
    const request = new Request(`${base()}/echo`, { method: 'POST', body: 'hello', headers: { 'x-a': '1' } });
    expect(await (await network({}).fetch(request)).json()).toEqual({ path: '/echo', body: 'hello' });
    expect(requests.at(-1)?.headers['x-a']).toBe('1');
  });

  it('may contain global FormData, like file uploads of the SDKs', async () => {
    const form = new FormData();
    form.set('file', new File(['content'], 'a.jsonl'));
    await network({}).fetch(`${base()}/files`, { method: 'POST', body: form });
    expect(requests.at(-1)?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
    expect(requests.at(-1)?.body).toContain('filename="a.jsonl"');
  });

  it('follow redirects and accept empty responses', async () => {
    const { fetch } = network({});
    expect(await (await fetch(`${base()}/redirect`)).json()).toMatchObject({ path: '/echo' });
    expect((await fetch(`${base()}/none`)).status).toBe(204);
  });

  it('can be aborted, which is not a network error', async () => {
    const url = `${base()}/echo`;
    const aborted = network({}).fetch(url, { signal: AbortSignal.abort() });
    await expect(aborted).rejects.toMatchObject({ name: 'AbortError' });
    expect(await failure(network({}).fetch(url, { signal: AbortSignal.abort() }), url)).toBeUndefined();
  });

  it('to a closed port and to an unknown name report which it was', async () => {
    const { fetch } = network({});
    const closed = `http://127.0.0.1:${await closedPort()}/`;
    const error = await failure(fetch(closed), closed);
    expect(error).toMatchObject({ code: 'network', retryable: true });
    expect(error?.message).toContain('ECONNREFUSED');
    const unknown = 'http://no-such-host.invalid/';
    expect(await failure(fetch(unknown), unknown)).toMatchObject({ code: 'dns' });
  });
});
