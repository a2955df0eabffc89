import type { ChannelCredentials } from '@grpc/grpc-js';
import type { ClientOptions } from 'google-gax';
import { UserError } from '../../base/errors.ts';
import { trustedRoots } from '../../base/network/network.ts';
import { proxyCredentials, requireHttpProxy, selectProxy } from '../../base/network/proxy.ts';
import type { NetworkOptions } from '../connection.ts';
import type { VertexEndpoint } from './vertexai-endpoint.ts';

/** The official gRPC clients, each imported and connected on first use. */
export type VertexClients = ReturnType<typeof createVertexClients>;

/** Deep imports: the package's root loads every service of Vertex AI, half a second and 135 MB of it. */
export function createVertexClients(network: NetworkOptions, endpoint: VertexEndpoint) {
  const made = new Map<string, Promise<{ close(): Promise<void> }>>();
  const lazy =
    <T extends { close(): Promise<void> }>(name: string, make: (options: ClientOptions) => Promise<T>) =>
    async (): Promise<T> => {
      const known = made.get(name) as Promise<T> | undefined;
      const client = known ?? clientOptions(network, endpoint).then(make);
      made.set(name, client);
      client.catch(() => made.delete(name));
      return client;
    };
  return {
    prediction: lazy('prediction', async (options) => {
      const module = await import('@google-cloud/aiplatform/build/src/v1/prediction_service_client.js');
      return new module.PredictionServiceClient(options);
    }),
    utility: lazy('utility', async (options) => {
      const module = await import('@google-cloud/aiplatform/build/src/v1/llm_utility_service_client.js');
      return new module.LlmUtilityServiceClient(options);
    }),
    garden: lazy('garden', async (options) => {
      const module = await import('@google-cloud/aiplatform/build/src/v1beta1/model_garden_service_client.js');
      return new module.ModelGardenServiceClient(options);
    }),
    /** Drops channels that could not connect: they retry forever, and calls fail with their last error until then. */
    reset(): void {
      for (const client of made.values()) client.then((open) => open.close()).catch(() => undefined);
      made.clear();
    },
  };
}

async function clientOptions(network: NetworkOptions, endpoint: VertexEndpoint): Promise<ClientOptions> {
  const { pathname } = new URL(endpoint.baseUrl);
  if (pathname !== '/') {
    throw new UserError(`Gemini on Vertex AI cannot be reached at the path ${pathname}: gRPC addresses have no path.`, {
      code: 'invalid-connection',
      hint: 'Set the base URL of the connection to a scheme, host and port only.',
    });
  }
  const [{ GoogleAuth, googleAuthLibrary }, grpc] = await Promise.all([import('google-gax'), import('@grpc/grpc-js')]);
  // Failures are reported as errors; grpc-js would print some of them to the terminal as well.
  grpc.setLogVerbosity(grpc.logVerbosity.NONE);
  return {
    sslCreds: channelCredentials(grpc, network, endpoint),
    // Each call has its own token; without a client of its own the library would look for credentials itself.
    auth: new GoogleAuth({ authClient: new googleAuthLibrary.OAuth2Client() }),
    ...channelAddress(network, endpoint),
  };
}

function channelCredentials(
  grpc: typeof import('@grpc/grpc-js'),
  network: NetworkOptions,
  endpoint: VertexEndpoint,
): ChannelCredentials {
  if (endpoint.insecure) return grpc.credentials.createInsecure();
  const extra = network.extraCa ?? [];
  const roots = extra.length > 0 ? Buffer.from(trustedRoots(extra).join('\n')) : null;
  return grpc.credentials.createSsl(roots, null, null, { rejectUnauthorized: network.rejectUnauthorized });
}

/** The proxy for gRPC, if any. */
export function grpcProxy(network: NetworkOptions, endpoint: VertexEndpoint): string | undefined {
  return endpoint.insecure ? undefined : selectProxy(new URL(endpoint.baseUrl), network);
}

/**
 * grpc-js takes a proxy only from environment variables, which belong to the whole extension host. What it does with
 * them is to dial the proxy and put the real target into these channel options, so they are set directly.
 */
function channelAddress(network: NetworkOptions, endpoint: VertexEndpoint): ClientOptions & Record<string, unknown> {
  const { host, port } = endpoint;
  const proxy = grpcProxy(network, endpoint);
  const direct = { apiEndpoint: host, port, 'grpc.enable_http_proxy': 0 };
  if (proxy === undefined) return direct;
  const url = new URL(requireHttpProxy(proxy));
  if (url.protocol !== 'http:') {
    throw new UserError('Gemini on Vertex AI cannot be reached through a proxy with an https:// address.', {
      code: 'network',
      hint: 'Most such proxies also support plain http: set http.proxy or HTTPS_PROXY to http://host:port.',
    });
  }
  const credentials = proxyCredentials(url.href);
  return {
    ...direct,
    apiEndpoint: url.hostname,
    port: Number(url.port || 80),
    'grpc.http_connect_target': `dns:${host}:${port}`,
    'grpc.default_authority': port === 443 ? host : `${host}:${port}`,
    ...(credentials ? { 'grpc.http_connect_creds': credentials } : {}),
  };
}
