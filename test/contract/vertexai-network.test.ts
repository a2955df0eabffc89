import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createNetwork, type Network, type NetworkSettings } from '../../src/core/base/network/network.ts';
import type { Connection, ProviderContext } from '../../src/core/models/connection.ts';
import { createVertexAiProvider } from '../../src/core/models/vertexai/vertexai.ts';
import { ask, collect, makeContext } from '../unit/models/make-context.ts';
import { type ConnectProxy, startConnectProxy } from './connect-proxy.ts';
import { caFile, serverCertificate } from './tls-fixture.ts';
import { startVertexServer, type VertexServer } from './vertex-server.ts';

const GOOGLE = ['us-central1-aiplatform.googleapis.com', 'aiplatform.googleapis.com', 'oauth2.googleapis.com'];
const CREDENTIALS = 'me:p@ss';
/** One model for each transport: gRPC, Anthropic's SDK, OpenAI's SDK. */
const MODELS = ['gemini-2.5-flash', 'claude-sonnet-5-5', 'meta/llama-4'];

let google: VertexServer;
let proxy: ConnectProxy;
const networks: Network[] = [];
const TOKEN = 'ya29.token-of-the-test';

beforeAll(async () => {
  google = await startVertexServer({ tls: serverCertificate, token: TOKEN });
  const hosts = Object.fromEntries(GOOGLE.map((host) => [host, google.port]));
  proxy = await startConnectProxy({ hosts, credentials: CREDENTIALS });
});

beforeEach(() => {
  // No server of Google may be contacted, and no credentials of the user who runs the tests be used.
  vi.stubEnv('METADATA_SERVER_DETECTION', 'none');
  vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', '');
  vi.stubEnv('CLOUDSDK_CONFIG', '/nowhere');
  google.requests.length = 0;
  proxy.seen.length = 0;
});
afterEach(() => vi.unstubAllEnvs());

afterAll(async () => {
  for (const network of networks) await network.close();
  await proxy.stop();
  await google.stop();
});

interface Setup extends Partial<NetworkSettings> {
  connection?: Partial<Connection>;
  context?: Partial<ProviderContext>;
}

function create({ connection, context, ...settings }: Setup) {
  const network = createNetwork({ systemCa: false, strictSsl: true, env: {}, ...settings });
  networks.push(network);
  const declared = { id: 'vertexai', type: 'vertexai', project: 'p', location: 'us-central1', ...connection } as const;
  return createVertexAiProvider(
    makeContext({ connection: declared, fetch: network.fetch, network: network.options, ...context }),
  );
}

const send = (setup: Setup, model = 'gemini-2.5-flash') => collect(create(setup).chat, ask('Hello', { model }));

/** A user's login as gcloud stores it; the refresh token is exchanged at oauth2.googleapis.com. */
function withLogin<T>(run: () => Promise<T>, account: object = LOGIN): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'llmops-adc-'));
  const file = path.join(folder, 'credentials.json');
  writeFileSync(file, JSON.stringify(account));
  vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', file);
  return run().finally(() => rmSync(folder, { recursive: true }));
}
const LOGIN = {
  type: 'authorized_user',
  client_id: 'id',
  client_secret: 'secret',
  refresh_token: 'refresh',
  quota_project_id: 'payer',
};

describe.each(MODELS)('the connection to Google for %s', (model) => {
  it('uses the proxy, trusts the configured CA, and sends a token of the default credentials', async () => {
    const { text, error, events } = await withLogin(() => send({ proxyUrl: proxy.url, caFile }, model));

    expect(error).toBeUndefined();
    expect(text).toContain('Answer of');
    expect(new Set(proxy.seen)).toEqual(
      new Set(['oauth2.googleapis.com:443', 'us-central1-aiplatform.googleapis.com:443']),
    );
    expect(google.requests.map(({ protocol }) => protocol)[0]).toBe('token');
    expect(google.requests.at(-1)?.headers).toMatchObject({
      authorization: `Bearer ${TOKEN}`,
      'x-goog-user-project': 'payer',
    });
    expect(JSON.stringify(events)).not.toContain(TOKEN);
  });

  it('reports where it ends without a CA', async () => {
    const { error } = await send({ proxyUrl: proxy.url, context: { apiKey: TOKEN } }, model);

    expect(error).toMatchObject({ code: 'tls', hint: expect.stringContaining('llmops.network.caFile') });
  });

  it('reports that a proxy rejected it, without the password', async () => {
    const proxyUrl = proxy.url.replace('p@ss', 'hunter2');
    const { error } = await send({ proxyUrl, caFile, context: { apiKey: TOKEN } }, model);

    expect(error).toMatchObject({
      code: 'network',
      message: expect.stringContaining('it requires a user name and a password'),
      retryable: false,
    });
    expect(`${error} ${JSON.stringify(error)}`).not.toContain('hunter2');
  });

  it('bypasses the proxy if NO_PROXY says so', async () => {
    const noProxy = ['.googleapis.com'];
    // A separate proxy: gRPC channels of earlier tests keep connecting to the shared one.
    await using unused = await startConnectProxy({ hosts: {}, credentials: CREDENTIALS });
    // A direct connection fails: the host of this connection exists only behind the proxy.
    const connection = { baseUrl: 'https://nowhere.invalid.googleapis.com' };
    const { error } = await send(
      { proxyUrl: unused.url, noProxy, caFile, connection, context: { apiKey: TOKEN } },
      model,
    );

    expect(error).toMatchObject({ code: expect.stringMatching(/dns|network/) });
    expect(unused.seen).toEqual([]);
  });

  it('needs a login, and explains how', async () => {
    const { error } = await send({ proxyUrl: proxy.url, caFile }, model);

    expect(error).toMatchObject({
      code: 'auth',
      hint: expect.stringContaining('gcloud auth application-default login'),
    });
    expect(google.requests).toEqual([]);
  });

  it('never sends the default credentials to a host that is not Google’s', async () => {
    const secure = { baseUrl: 'https://vertex.example.test' };
    const foreign = await withLogin(() => send({ proxyUrl: proxy.url, caFile, connection: secure }, model));
    const local = await withLogin(() =>
      send({ caFile, connection: { baseUrl: `https://localhost:${google.port}` } }, model),
    );

    expect(foreign.error).toMatchObject({ code: 'key-origin' });
    expect(local.error).toMatchObject({ code: 'auth', status: 401 });
    expect(google.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  it('sends a key of the connection to such a host, as an access token', async () => {
    const connection = { baseUrl: `https://localhost:${google.port}` };
    const { error } = await send({ caFile, connection, context: { apiKey: TOKEN } }, model);

    expect(error).toBeUndefined();
  });

  it('uses an Authorization header of the connection instead of the login', async () => {
    const headers = { Authorization: `Bearer ${TOKEN}`, 'X-Team': 'blue' };
    const { error, events } = await send({ proxyUrl: proxy.url, caFile, context: { headers } }, model);

    expect(error).toBeUndefined();
    expect(google.requests.at(-1)?.headers['x-team']).toBe('blue');
    expect(JSON.stringify(events)).not.toContain(TOKEN);
  });
});

describe('an endpoint', () => {
  it('may use plain http on this machine only', async () => {
    expect(() => create({ connection: { baseUrl: 'http://10.0.0.7:8080' } })).toThrow('plain http');
    expect(() => create({ connection: { baseUrl: 'ftp://aiplatform.googleapis.com' } })).toThrow('cannot use ftp');
    expect(() => create({ connection: { baseUrl: 'nonsense' } })).toThrow('not a URL');
  });

  it('for the global location has its own name and location', async () => {
    const connection = { location: 'global' };
    await send({ proxyUrl: proxy.url, caFile, connection, context: { apiKey: TOKEN } });

    expect(proxy.seen).toEqual(['aiplatform.googleapis.com:443']);
    expect(google.requests[0]?.model).toBe('projects/p/locations/global/publishers/google/models/gemini-2.5-flash');
  });

  it('cannot be reached by gRPC through a proxy that itself uses TLS, which is reported', async () => {
    const { error } = await send({ proxyUrl: 'https://proxy.example.test:3129', caFile, context: { apiKey: TOKEN } });

    expect(error).toMatchObject({ code: 'network', message: expect.stringContaining('https://') });
  });

  it('of a gateway with a path serves the REST models, and explains why not Gemini', async () => {
    const connection = { baseUrl: `https://localhost:${google.port}/gateway` };
    const setup = { caFile, connection, context: { apiKey: TOKEN } };

    expect((await send(setup, 'meta/llama-4')).error).toBeUndefined();
    expect((await send(setup)).error).toMatchObject({
      code: 'invalid-connection',
      message: expect.stringContaining('/gateway'),
    });
  });

  it('is trusted without a certificate if strict checking is off', async () => {
    const connection = { baseUrl: `https://localhost:${google.port}` };
    for (const model of MODELS) {
      expect((await send({ strictSsl: false, connection, context: { apiKey: TOKEN } }, model)).error).toBeUndefined();
    }
  });

  it('uses the project of a service account if the connection names none', async () => {
    const connection = { project: undefined };
    const account = { ...LOGIN, project_id: 'from-the-file' };
    vi.stubEnv('GOOGLE_CLOUD_PROJECT', 'from-the-environment');
    const run = () => send({ proxyUrl: proxy.url, caFile, connection: connection as Partial<Connection> });
    expect((await withLogin(run, account)).error).toBeUndefined();
    expect(google.requests.at(-1)?.model).toContain('projects/from-the-environment/');
  });

  it('without a project explains where to set one', async () => {
    const connection = { project: undefined, baseUrl: 'http://127.0.0.1:1' } as Partial<Connection>;
    expect((await send({ connection })).error).toMatchObject({
      code: 'invalid-connection',
      hint: expect.stringContaining('GOOGLE_CLOUD_PROJECT'),
    });
  });

  it('reports an expired login', async () => {
    const closed = await startVertexServer({ tls: serverCertificate });
    const expired = await startConnectProxy({ hosts: { 'oauth2.googleapis.com': closed.port } });
    closed.reply(() => undefined);
    const account = { type: 'authorized_user', client_id: 'id', client_secret: 'secret' };
    const { error } = await withLogin(() => send({ proxyUrl: expired.url, caFile }), account);
    await expired.stop();
    await closed.stop();

    expect(error).toMatchObject({ code: 'auth', hint: expect.stringContaining('gcloud') });
  });
});
