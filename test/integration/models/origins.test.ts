import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { entryFor, isAllowed, readAllowedOrigins } from '../../../src/core/models/connections/allowed-origins.ts';
import { guardRedirects, isOwnOrigin, normalizeOrigin } from '../../../src/core/models/connections/origins.ts';
import { errorOf } from '../../unit/models/fixtures.ts';

describe('origins', () => {
  test('are scheme, host and port, without a default port', () => {
    expect(normalizeOrigin('https://API.example.com:443/v1/')).toBe('https://api.example.com');
    expect(normalizeOrigin('http://127.0.0.1:8000/v1')).toBe('http://127.0.0.1:8000');
    expect(normalizeOrigin('file:///etc/passwd')).toBeUndefined();
    expect(normalizeOrigin('nonsense')).toBeUndefined();
  });

  test('LLMOPS_ALLOW_ORIGINS is a list of places', () => {
    expect(
      readAllowedOrigins('https://a.example/, K=http://127.0.0.1:8000/v1\n https://B.example:443/a%20b/').places,
    ).toEqual([
      { name: undefined, origin: 'https://a.example', segments: [] },
      { name: 'K', origin: 'http://127.0.0.1:8000', segments: ['v1'] },
      { name: undefined, origin: 'https://b.example', segments: ['a b'] },
    ]);
    expect(readAllowedOrigins(undefined)).toEqual({ places: [], problems: [] });
  });

  test.each([
    ['*', /Entry 1, \*, is ignored: it is not an http or https URL/],
    ['example.com', /not an http or https URL/],
    ['ftp://a.example', /not an http or https URL/],
    ['KEY=', /not an http or https URL/],
    ['1KEY=https://a.example', /not the name of an environment variable/],
    ['=https://a.example', /not the name of an environment variable/],
    ['https://a.example/a/../b', /contains "\." or "\.\."/],
    ['https://a.example/..', /contains "\." or "\.\."/],
    ['https://a.example/a/%2E%2e/b', /contains "\." or "\.\."/],
    ['https://a.example/a\\..\\b', /contains "\." or "\.\."/],
    ['https://a.example/a%2fb', /encoded or double slash/],
    ['https://a.example/a%2Fb', /encoded or double slash/],
    ['https://a.example/a%5Cb', /encoded or double slash/],
    ['https://a.example/a%252fb', /encoded or double slash/],
    ['https://a.example//b', /encoded or double slash/],
    ['https://a.example/a/..;/b', /encoded or double slash, or dots/],
    ['https://a.example/a/%00', /encoded or double slash, or dots/],
    ['https://*.example', /contains "\*"/],
    ['K=https://a.example/*', /contains "\*"/],
    ['https://a.example/a?b', /contains "\?" or "#"/],
    ['https://planted:planted@a.example', /^Entry 1 is ignored: it contains a user name or a password/],
    ['sk-planted0123456789abcdef', /^Entry 1, \[removed\], is ignored/],
  ])('an entry that allows nothing is reported: %s', (entry, message) => {
    const { places, problems } = readAllowedOrigins(entry);
    expect(places).toEqual([]);
    expect(problems).toEqual([
      { where: 'LLMOPS_ALLOW_ORIGINS', severity: 'warning', message: expect.stringMatching(message) },
    ]);
    expect(problems[0]?.message).not.toContain('planted');
  });

  test('spaces around "=" do not turn a bound origin into a bare one', () => {
    expect(readAllowedOrigins('K = https://a.example/v1, L= https://b.example')).toEqual({
      places: [
        { name: 'K', origin: 'https://a.example', segments: ['v1'] },
        { name: 'L', origin: 'https://b.example', segments: [] },
      ],
      problems: [],
    });
  });

  test.each(['https://a.example/..;/b', 'https://a.example/a/..;x=1/b', 'https://a.example/a/.%00./b'])(
    'a path that a server may read as another one is not allowed: %s',
    (baseUrl) => {
      const allowed = readAllowedOrigins('K=https://a.example/a');
      expect(isAllowed(allowed, { name: 'K', baseUrl, isUsual: false })).toBe(false);
    },
  );

  test.each(['https://a.example/a,b/v1', 'https://a.example/a*b', 'https://a.example/a b=c;d'])(
    'the entry to add for %s allows it',
    (baseUrl) => {
      const allowed = readAllowedOrigins(entryFor('K', baseUrl));
      expect(allowed.problems).toEqual([]);
      expect(isAllowed(allowed, { name: 'K', baseUrl, isUsual: false })).toBe(true);
    },
  );

  test.each([
    ['openai', 'https://api.openai.com', true],
    ['openai', 'http://api.openai.com', false],
    ['openai', 'https://api.openai.com.evil.example', false],
    ['openai', 'https://evil-api.openai.com', false],
    ['openai', 'https://api.openai.com:8443', false],
    ['openai', 'https://api.anthropic.com', false],
    ['anthropic', 'https://api.anthropic.com', true],
    ['googleai', 'https://generativelanguage.googleapis.com', true],
    ['azure-openai', 'https://ours.openai.azure.com', true],
    ['azure-openai', 'https://ours.azure-api.net', false],
    ['azure-openai', 'https://openai.azure.com.evil.example', false],
    ['openai-compatible', 'https://api.openai.com', false],
  ] as const)('%s at %s is the provider itself: %s', (type, origin, own) => {
    expect(isOwnOrigin(type, origin)).toBe(own);
  });

  test('if the environment names the Azure endpoint, no other is allowed', () => {
    const env = { AZURE_OPENAI_ENDPOINT: 'https://ours.openai.azure.com/' };
    expect(isOwnOrigin('azure-openai', 'https://ours.openai.azure.com', env)).toBe(true);
    expect(isOwnOrigin('azure-openai', 'https://theirs.openai.azure.com', env)).toBe(false);
  });
});

describe('redirects', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  async function serve(answer: (path: string) => { status: number; location?: string }) {
    const requests: { path: string; headers: IncomingHttpHeaders }[] = [];
    const server = createServer((request, response) => {
      requests.push({ path: request.url ?? '', headers: request.headers });
      const { status, location } = answer(request.url ?? '');
      response.writeHead(status, location === undefined ? {} : { location }).end('done');
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
  }

  const headers = { 'x-api-key': 'planted', authorization: 'Bearer planted' };
  const guarded = guardRedirects(fetch, 'x');

  test.each([301, 302, 303, 307, 308])(
    'a %i to another origin is rejected, and nothing arrives there',
    async (status) => {
      const other = await serve(() => ({ status: 200 }));
      const first = await serve(() => ({ status, location: `${other.origin}/steal` }));
      const error = await errorOf(guarded(`${first.origin}/v1/models`, { headers }));
      expect(String(error)).toContain(`redirects to ${other.origin}`);
      expect(String(error)).not.toContain('planted');
      expect(other.requests).toEqual([]);
    },
  );

  test('a read request follows a redirect inside one origin, with its key', async () => {
    const server = await serve((path) => (path === '/old' ? { status: 308, location: '/new' } : { status: 200 }));
    const response = await guarded(`${server.origin}/old`, { headers });
    expect(response.status).toBe(200);
    expect(server.requests.map(({ path }) => path)).toEqual(['/old', '/new']);
    expect(server.requests[1]?.headers['x-api-key']).toBe('planted');
  });

  test('a redirect loop ends, and a prompt is never sent twice', async () => {
    const server = await serve(() => ({ status: 307, location: '/again' }));
    await errorOf(guarded(`${server.origin}/again`, { headers }));
    expect(server.requests.length).toBeLessThan(10);
    server.requests.length = 0;
    await errorOf(guarded(`${server.origin}/again`, { method: 'POST', body: '{}' }));
    expect(server.requests).toHaveLength(1);
  });

  test('a caller that handles redirects itself receives them', async () => {
    const server = await serve(() => ({ status: 302, location: 'https://elsewhere.example' }));
    expect((await guarded(server.origin, { redirect: 'manual' })).status).toBe(302);
  });
});
