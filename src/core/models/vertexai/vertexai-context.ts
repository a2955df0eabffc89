import type { CallOptions } from 'google-gax';
import { abortError } from '../../base/abort.ts';
import { ProviderError } from '../../base/errors.ts';
import { toNetworkError } from '../../base/network/network-errors.ts';
import type { ProviderContext } from '../connection.ts';
import { createStreamGuard, type StreamGuard } from '../transport/stream-guard.ts';
import { createVertexAuth, type VertexAuth } from './vertexai-auth.ts';
import { createVertexClients, grpcProxy, type VertexClients } from './vertexai-client.ts';
import { readEndpoint, type VertexEndpoint } from './vertexai-endpoint.ts';
import { isUnconnected, toVertexError } from './vertexai-errors.ts';

/** State shared by all routes of one Vertex AI connection. */
export interface VertexContext {
  context: ProviderContext;
  endpoint: VertexEndpoint;
  auth: VertexAuth;
  guard: StreamGuard;
  clients: VertexClients;
}

/** Throws UserError if the connection's base URL cannot be used. */
export function createVertexContext(context: ProviderContext): VertexContext {
  const endpoint = readEndpoint(context.connection);
  const auth = createVertexAuth(context, endpoint);
  const guard = createStreamGuard(context, { authHeaders: () => auth.headers() });
  return { context, endpoint, auth, guard, clients: createVertexClients(context.network, endpoint) };
}

/** HTTP/2 and gRPC reserve these. */
const RESERVED_HEADERS = /^(content-type|content-length|connection|host|te|user-agent|transfer-encoding|grpc-.*|:.*)$/;

/** The token and the connection's own headers, as metadata of a call. */
export async function grpcHeaders({ auth, context }: VertexContext): Promise<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries({ ...(await auth.headers()), ...context.headers })) {
    const key = name.toLowerCase();
    if (!RESERVED_HEADERS.test(key)) headers[key] = value;
  }
  return headers;
}

interface GrpcCall<T> {
  signal: AbortSignal;
  model?: string;
  headers?: Record<string, string>;
  call(options: CallOptions): Promise<T> & { cancel?(): void };
}

/** One unary call: no retries, within the connection's time limit, and cancelled with the signal. */
export async function callGrpc<T>(vertex: VertexContext, { signal, model, headers, call }: GrpcCall<T>): Promise<T> {
  signal.throwIfAborted();
  const all = { ...(await grpcHeaders(vertex)), ...headers };
  const pending = call({ otherArgs: { headers: all }, timeout: vertex.context.timeoutMs, retry: null });
  const cancel = () => pending.cancel?.();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    return await pending;
  } catch (error) {
    if (signal.aborted) throw abortError();
    throw await failGrpc(vertex, error, model);
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

/** The error to show for a failed call; if there was no connection at all, the next call creates a new one. */
export async function failGrpc(vertex: VertexContext, error: unknown, model?: string): Promise<Error> {
  const refusal = isUnconnected(error) ? await refusalOfProxy(vertex) : undefined;
  if (isUnconnected(error)) vertex.clients.reset();
  const { project } = vertex.context.connection;
  return refusal ?? toVertexError(error, { ...vertex, redactor: vertex.guard.redactor, model, project });
}

const ASKING_MS = 3000;

/**
 * The proxy's response, if it does not let gRPC through: grpc-js loses it, and a proxy that requires a password would
 * be contacted again and again. fetch uses the same route, without a token; undefined if that gives no definite answer.
 */
async function refusalOfProxy({ context, endpoint }: VertexContext): Promise<Error | undefined> {
  if (grpcProxy(context.network, endpoint) === undefined) return undefined;
  const url = `https://${endpoint.host}:${endpoint.port}/`;
  try {
    const signal = AbortSignal.timeout(ASKING_MS);
    const response = await context.fetch(url, { method: 'HEAD', redirect: 'manual', signal });
    await response.body?.cancel();
    return undefined;
  } catch (error) {
    const refused = toNetworkError(error, url);
    if (refused === undefined || refused.retryable || refused.connectionFailure !== 'proxy') return undefined;
    const { code, connectionFailure, hint, cause } = refused;
    const message = `${context.connection.id}: ${refused.message}`;
    return new ProviderError(message, {
      code,
      connectionFailure,
      ...(hint !== undefined && { hint }),
      retryable: false,
      cause,
    });
  }
}
