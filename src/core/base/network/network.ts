import { readFileSync } from 'node:fs';
import * as tls from 'node:tls';
import type { Agent, Dispatcher, Pool } from 'undici';
import { UserError } from '../errors.ts';
import { lazy } from '../lazy.ts';
import type { Fetch } from '../ports.ts';
import { proxyCredentials, readProxyEnvironment, requireHttpProxy, selectProxy } from './proxy.ts';

export interface NetworkSettings {
  /** `http.proxy`; if missing, HTTPS_PROXY, HTTP_PROXY and NO_PROXY decide. */
  proxyUrl?: string | undefined;
  noProxy?: string[] | undefined;
  /** Absolute path of a PEM file to trust in addition to the others. */
  caFile?: string | undefined;
  caPem?: string | undefined;
  /** Trust what the operating system trusts (`http.systemCertificates`). */
  systemCa: boolean;
  /** False accepts any certificate (`http.proxyStrictSSL`). */
  strictSsl: boolean;
  env?: Record<string, string | undefined>;
}

/** For gRPC clients, to use the same route as fetch; has the shape of models/connection.ts's NetworkOptions. */
interface ResolvedNetwork {
  proxyUrl?: string;
  noProxy?: string[];
  /** Read on first use: reading the system's store is noticeably slow on some systems. */
  readonly extraCa?: string[];
  rejectUnauthorized: boolean;
}

export interface Network {
  fetch: Fetch;
  options: ResolvedNetwork;
  /** Starts to load what the first request needs. */
  prepare(): void;
  /** Closes idle connections. */
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_MS = 30_000;

/** One network for every client of the product: fetch for the SDKs, options for gRPC. Loads undici on the first request. */
export function createNetwork(settings: NetworkSettings): Network {
  const env = settings.env ?? process.env;
  const fromEnv = readProxyEnvironment(env);
  const proxyUrl = settings.proxyUrl || undefined;
  const rules = {
    proxyUrl: proxyUrl ?? fromEnv.proxyUrl,
    httpProxyUrl: proxyUrl ?? fromEnv.httpProxyUrl,
    noProxy: [...(settings.noProxy ?? []), ...(fromEnv.noProxy ?? [])],
  };
  const readCa = lazy(() => readExtraCa(settings, env));
  const options: ResolvedNetwork = {
    noProxy: rules.noProxy,
    get extraCa() {
      return readCa();
    },
    rejectUnauthorized: settings.strictSsl,
  };
  if (rules.proxyUrl) options.proxyUrl = rules.proxyUrl;

  const load = lazy(() => loadUndici(options, (url) => selectProxy(url, rules)));
  const fetch = (async (input: string | URL | Request, init?: RequestInit) => {
    const { undici, dispatcher, readCertificates } = await load();
    const [url, request] = await toUndici(input, init);
    if (new URL(url).protocol === 'https:') readCertificates();
    const response = await undici.fetch(url, { ...request, dispatcher } as Parameters<typeof undici.fetch>[1]);
    return response as unknown as Response;
  }) as Fetch;
  const close = async () => {
    await (await load.made())?.dispatcher.destroy();
  };
  // a failure is that of the first request
  const prepare = () => void load().catch(() => undefined);
  return { fetch, options, prepare, close };
}

/** Node's own roots and the extra ones, for clients whose `ca` option replaces the default. */
export function trustedRoots(extraCa: readonly string[]): string[] {
  const defaults = tls.getCACertificates?.('default') ?? tls.rootCertificates;
  return [...new Set([...defaults, ...extraCa])];
}

interface Loaded {
  undici: typeof import('undici');
  dispatcher: Dispatcher;
  /** Throws if a file of the settings has no certificates. */
  readCertificates(): void;
}

async function loadUndici(network: ResolvedNetwork, proxyFor: (url: URL) => string | undefined): Promise<Loaded> {
  const undici = await import('undici');
  const secure = lazy(() => tlsOptions(network));
  const connectPlain = undici.buildConnector({ timeout: CONNECT_TIMEOUT_MS });
  const connectSecure = lazy(() => undici.buildConnector({ timeout: CONNECT_TIMEOUT_MS, ...secure() }));
  const common: Agent.Options = {
    // The caller decides how long a model may be silent; undici's own five minutes would cut off long reasoning.
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // Plain HTTP, such as to Ollama, does not have to wait for the certificates.
    connect: (options, done) => (options.protocol === 'https:' ? connectSecure() : connectPlain)(options, done),
  };
  const direct = new undici.Agent(common);
  const proxies = new Map<string, Dispatcher>();
  const through = (proxy: string) => {
    const agent = createProxyAgent(undici, { proxy, common, secure: secure() });
    proxies.set(proxy, agent);
    return agent;
  };
  /** Chooses per request, so that a redirect to another host follows the rules, too. */
  class Routes extends undici.Dispatcher {
    override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
      const proxy = proxyFor(new URL(String(options.origin)));
      const target = proxy === undefined ? direct : (proxies.get(proxy) ?? through(proxy));
      return target.dispatch(options, handler);
    }
    override async destroy(): Promise<void> {
      await Promise.all([direct, ...proxies.values()].map((agent) => agent.destroy()));
    }
  }
  return { undici, dispatcher: new Routes(), readCertificates: () => void secure() };
}

interface ProxyAgentOptions {
  proxy: string;
  common: Agent.Options;
  secure: tls.ConnectionOptions;
}

function createProxyAgent(undici: Loaded['undici'], { proxy, common, secure }: ProxyAgentOptions): Dispatcher {
  let uri: string;
  try {
    uri = requireHttpProxy(proxy);
  } catch (error) {
    // Only a request through the proxy fails, as one whose connection cannot be established.
    return new undici.Agent({ connect: (_, done) => done(error as Error, null) });
  }
  const credentials = proxyCredentials(uri);
  return new undici.ProxyAgent({
    ...common,
    uri,
    // Plain http is sent as an absolute URL: proxies commonly refuse CONNECT to port 80.
    proxyTunnel: false,
    requestTls: { timeout: CONNECT_TIMEOUT_MS, ...secure },
    proxyTls: { timeout: CONNECT_TIMEOUT_MS, ...secure },
    factory: (origin: string | URL, options: object) =>
      new undici.Pool(origin, { ...options, headersTimeout: 0, bodyTimeout: 0 } as Pool.Options),
    ...(credentials ? { token: `Basic ${Buffer.from(credentials).toString('base64')}` } : {}),
  });
}

/** One TLS context for all connections: parsing hundreds of certificates for each costs milliseconds. */
function tlsOptions(network: ResolvedNetwork): tls.ConnectionOptions {
  const extra = network.extraCa ?? [];
  const options: tls.ConnectionOptions = { rejectUnauthorized: network.rejectUnauthorized };
  if (extra.length > 0) options.secureContext = tls.createSecureContext({ ca: trustedRoots(extra) });
  return options;
}

/** undici accepts only its own Request and FormData, not the global ones that the SDKs create. */
async function toUndici(input: string | URL | Request, init: RequestInit = {}): Promise<[string | URL, object]> {
  let url: string | URL;
  let request: RequestInit = init;
  if (typeof input === 'string' || input instanceof URL) {
    url = input;
  } else {
    url = input.url;
    const { method, headers, body, signal, redirect } = input;
    request = { method, headers, body, signal, redirect, ...(body ? { duplex: 'half' } : {}), ...init };
  }
  if (!(request.body instanceof FormData)) return [url, { ...request, headers: plainHeaders(request.headers) }];
  const encoded = new Response(request.body);
  const headers = new Headers(request.headers);
  headers.set('content-type', encoded.headers.get('content-type') ?? 'multipart/form-data');
  return [url, { ...request, headers: plainHeaders(headers), body: Buffer.from(await encoded.arrayBuffer()) }];
}

function plainHeaders(headers: RequestInit['headers']): [string, string][] | undefined {
  return headers === undefined ? undefined : [...new Headers(headers)];
}

/** The system's certificates and those of the named files. A file named in the settings must be readable. */
function readExtraCa(settings: NetworkSettings, env: Record<string, string | undefined>): string[] {
  const found: string[] = [];
  if (settings.systemCa) found.push(...(tls.getCACertificates?.('system') ?? []));
  if (settings.caPem) found.push(...splitPem(settings.caPem));
  if (settings.caFile) found.push(...readCaFile(settings.caFile));
  for (const file of [env.NODE_EXTRA_CA_CERTS, env.SSL_CERT_FILE]) {
    if (!file) continue;
    try {
      found.push(...splitPem(readFileSync(file, 'utf8')));
    } catch {
      // As in Node: a missing file named by the environment is ignored.
    }
  }
  return [...new Set(found)];
}

function readCaFile(path: string): string[] {
  const hint = 'Choose a file with certificates in PEM format (-----BEGIN CERTIFICATE-----).';
  let certificates: string[];
  try {
    certificates = splitPem(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new UserError(`The certificate file ${path} cannot be read.`, { code: 'tls', hint, cause });
  }
  if (certificates.length === 0) {
    throw new UserError(`The certificate file ${path} contains no certificate.`, { code: 'tls', hint });
  }
  return certificates;
}

function splitPem(text: string): string[] {
  return text.match(/-----BEGIN (?:TRUSTED )?CERTIFICATE-----[\s\S]+?-----END (?:TRUSTED )?CERTIFICATE-----/g) ?? [];
}
