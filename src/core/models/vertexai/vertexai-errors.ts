import { isRecord } from '../../../shared/is-record.ts';
import { ProviderError, UserError } from '../../base/errors.ts';
import { byCode } from '../../base/network/network-errors.ts';
import { requireHttpProxy } from '../../base/network/proxy.ts';
import { badResponse, type ErrorContext, explainHttpFailure } from '../transport/errors/provider-errors.ts';
import { LOGIN_HINT } from './vertexai-auth.ts';
import { grpcProxy } from './vertexai-client.ts';
import type { VertexEndpoint } from './vertexai-endpoint.ts';

interface VertexErrorContext extends ErrorContext {
  endpoint: VertexEndpoint;
  project?: string | undefined;
}

/** gRPC's status codes by number, each as the HTTP status that Google's REST API uses for it. */
const STATUSES: readonly [name: string, http: number][] = [
  ['OK', 200],
  ['CANCELLED', 499],
  ['UNKNOWN', 500],
  ['INVALID_ARGUMENT', 400],
  ['DEADLINE_EXCEEDED', 504],
  ['NOT_FOUND', 404],
  ['ALREADY_EXISTS', 409],
  ['PERMISSION_DENIED', 403],
  ['RESOURCE_EXHAUSTED', 429],
  ['FAILED_PRECONDITION', 400],
  ['ABORTED', 409],
  ['OUT_OF_RANGE', 400],
  ['UNIMPLEMENTED', 501],
  ['INTERNAL', 500],
  ['UNAVAILABLE', 503],
  ['DATA_LOSS', 500],
  ['UNAUTHENTICATED', 401],
];

/** Converts what the gRPC client threw into the error that the user sees. */
export function toVertexError(error: unknown, about: VertexErrorContext): Error {
  if (error instanceof UserError) return error;
  const code = isRecord(error) && typeof error.code === 'number' ? error.code : undefined;
  const status = code === undefined ? undefined : STATUSES[code];
  if (!isRecord(error) || status === undefined) return error instanceof Error ? error : new Error(String(error));
  const message = String(error.details || error.message || status[0]);
  const lost = connectionFailure(message, about, error);
  if (lost) return lost;
  if (status[0] === 'UNIMPLEMENTED') return badResponse(about, `does not support this call: ${message}`, error);
  const failure = explainHttpFailure(
    { status: status[1], code: status[0], message, retryAfterMs: retryDelay(error.statusDetails) },
    about,
  );
  return withVertexAdvice(failure, about);
}

/** The hints for keys do not apply to an account, and a missing model may be available elsewhere. */
export function withVertexAdvice(error: ProviderError, about: VertexErrorContext): ProviderError {
  const { context, endpoint, model, project } = about;
  const { message, status, retryAfterMs, cause } = error;
  const rebuild = (code: ProviderError['code'], hint: string) =>
    new ProviderError(message, { code, hint, status, retryable: false, retryAfterMs, cause });
  if (error.code === 'auth' && context.apiKey === undefined) {
    if (status !== 403) return rebuild('auth', LOGIN_HINT);
    const where = project === undefined ? 'the project' : `the project '${project}'`;
    return rebuild(
      'auth',
      `Enable the Vertex AI API in ${where}, and give the account the role "Vertex AI User" there.`,
    );
  }
  if (status === 404 && !/<html|<!doctype/i.test(message)) {
    const name = model === undefined ? 'The model' : `'${model}'`;
    const elsewhere = endpoint.location === 'global' ? 'a region such as us-central1' : "'global' or another region";
    return rebuild(
      'model-not-found',
      `${name} is not served in '${endpoint.location}', or has to be enabled in Model Garden: choose another model, or set the connection's location to ${elsewhere}.`,
    );
  }
  return error;
}

const TLS_WORDS: readonly [RegExp, string][] = [
  [/unable to (verify|get)|local issuer/i, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  [/self.signed/i, 'SELF_SIGNED_CERT_IN_CHAIN'],
  [/certificate has expired|not yet valid/i, 'CERT_HAS_EXPIRED'],
  [/altnames|does not match certificate/i, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  [/wrong version number|ssl routines|tlsv1|EPROTO/i, 'ERR_SSL_WRONG_VERSION_NUMBER'],
];
const UNCONNECTED = /^(No connection established|Name resolution failed|Failed to connect)/i;
const LOST = /^(Connection dropped|(write|read) E|.*(RST_STREAM|GOAWAY|socket hang up))/i;

/** True if the channel never had a connection, so that nothing else can be running on it. */
export function isUnconnected(error: unknown): boolean {
  return isRecord(error) && error.code === 14 && UNCONNECTED.test(String(error.details ?? ''));
}

/** grpc-js reports a failed connection only in the message, with the status of an overloaded server. */
function connectionFailure(message: string, about: VertexErrorContext, cause: unknown): ProviderError | undefined {
  if (!UNCONNECTED.test(message) && !LOST.test(message)) return undefined;
  const { context, endpoint, redactor } = about;
  const { id } = context.connection;
  const host = endpoint.port === 443 ? endpoint.host : `${endpoint.host}:${endpoint.port}`;
  const fail = (code: string, text = '') => {
    return byCode(code, { origin: `${host} for '${id}'`, message: redactor.redact(text), cause });
  };
  if (/name resolution failed/i.test(message)) return fail('ENOTFOUND');
  const text = message
    .replace(/^No connection established\. Last error: (Error: )?/, '')
    .replace(/\s*Resolution note:.*$/s, '');
  const proxy = grpcProxy(context.network, endpoint);
  // grpc-js loses the reason: a proxy that is down and one that refuses look the same.
  if (proxy !== undefined && /^(undefined|null)\b/.test(text)) return proxyFailure(proxy, host, { id, cause });
  const tls = TLS_WORDS.find(([words]) => words.test(text));
  if (tls?.[1] === 'ERR_SSL_WRONG_VERSION_NUMBER') return fail(tls[1], 'it does not speak TLS');
  if (tls) return fail(tls[1], text.replace(/[;.].*$/s, ''));
  return fail(/\b(E[A-Z]{5,})\b/.exec(text)?.[1] ?? 'ECONNRESET') ?? fail('ECONNRESET');
}

function proxyFailure(proxy: string, host: string, { id, cause }: { id: string; cause: unknown }): ProviderError {
  return new ProviderError(`${id}: the proxy ${new URL(requireHttpProxy(proxy)).host} could not connect to ${host}.`, {
    code: 'network',
    hint: 'Check that the proxy runs, that it allows this host, and the user name and password in http.proxy or HTTPS_PROXY.',
    retryable: true,
    cause,
  });
}

/** google.rpc.RetryInfo among the details that google-gax decoded. */
function retryDelay(details: unknown): number | undefined {
  if (!Array.isArray(details)) return undefined;
  for (const detail of details) {
    const delay = isRecord(detail) ? detail.retryDelay : undefined;
    if (!isRecord(delay)) continue;
    const ms = Number(delay.seconds ?? 0) * 1000 + Number(delay.nanos ?? 0) / 1e6;
    if (Number.isFinite(ms)) return ms;
  }
  return undefined;
}
