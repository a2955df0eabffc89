import { type ConnectionFailure, isAbortError, ProviderError, UserError } from '../errors.ts';

const TLS_CODES =
  /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_OSSL_|HOSTNAME_MISMATCH|EPROTO$|UND_ERR_PRX_TLS)/;
const DNS_CODES = /^(ENOTFOUND|EAI_)/;
const TIMEOUT_CODES = /^(ETIMEDOUT|UND_ERR_\w*TIMEOUT)$/;
const CONNECT_TIMEOUT_CODES = /^(ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/;
const FAILURES: readonly (readonly [RegExp, ConnectionFailure])[] = [
  [/^ECONNREFUSED$/, 'refused'],
  [/^ECONNRESET$/, 'lost'],
  [/^(?:EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN)$/, 'no-route'],
];
const PROTOCOL_CODES = /^(HPE_|HTTPParserError$|UND_ERR_HEADERS_OVERFLOW$)/;
const NETWORK_CODES =
  /^(ECONN\w+|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|EPIPE|EADDR\w+|UND_ERR_SOCKET|UND_ERR_ABORTED|UND_ERR_CLOSED|UND_ERR_DESTROYED)$/;

/** For a proxy that answers 407, to CONNECT or to a plain request. */
export const PROXY_LOGIN_HINT =
  'Put them into the proxy URL (http://user:password@host:port) of http.proxy or HTTPS_PROXY.';

/**
 * Converts what fetch throws (a TypeError whose cause, at some depth, has a code) into an error that a user can act on.
 * Undefined for errors that did not come from the network, including aborts.
 */
export function toNetworkError(error: unknown, url: string): ProviderError | undefined {
  if (error instanceof UserError || isAbortError(error)) return error instanceof ProviderError ? error : undefined;
  const origin = originOf(url);
  for (const { code, message } of chain(error)) {
    if (/Proxy response \(407\)|Proxy Authentication Required/.test(message)) {
      return networkError(`The proxy refused to connect to ${origin}: it requires a user name and a password.`, error, {
        connectionFailure: 'proxy',
        hint: PROXY_LOGIN_HINT,
        retryable: false,
      });
    }
    const refused = /Proxy response \((\d+)\)/.exec(message);
    if (refused) {
      return networkError(`The proxy refused to connect to ${origin} (it answered ${refused[1]}).`, error, {
        connectionFailure: 'proxy',
        hint: 'Check http.proxy, HTTPS_PROXY and NO_PROXY.',
        // A proxy that refuses a host refuses it a second later, too.
        retryable: Number(refused[1]) >= 500 || refused[1] === '429',
      });
    }
    const known = code === undefined ? undefined : byCode(code, { origin, message, cause: error });
    if (known) return known;
  }
  return undefined;
}

/** Maps an operating system's, OpenSSL's or undici's error code; shared with gRPC, which carries the code in its text. */
export function byCode(
  code: string,
  { origin, message, cause }: { origin: string; message: string; cause: unknown },
): ProviderError | undefined {
  if (DNS_CODES.test(code)) {
    return new ProviderError(`The host name of ${origin} could not be resolved (${code}).`, {
      code: 'dns',
      hint: 'Check the base URL of the connection, the network and the proxy settings.',
      retryable: code === 'EAI_AGAIN',
      cause,
    });
  }
  if (TLS_CODES.test(code)) {
    return new ProviderError(`Could not establish a secure connection to ${origin}: ${message || code} (${code}).`, {
      code: 'tls',
      hint: 'If a company proxy or a private certificate authority is involved, add its certificate with llmops.network.caFile or NODE_EXTRA_CA_CERTS.',
      retryable: false,
      cause,
    });
  }
  if (TIMEOUT_CODES.test(code)) {
    return new ProviderError(`${origin} did not answer in time (${code}).`, {
      code: 'timeout',
      connectionFailure: CONNECT_TIMEOUT_CODES.test(code) ? 'timeout' : undefined,
      hint: 'Check the network and the proxy settings, or try again.',
      retryable: true,
      cause,
    });
  }
  if (PROTOCOL_CODES.test(code)) {
    return new ProviderError(`${origin} did not answer with valid HTTP (${code}).`, {
      code: 'bad-response',
      hint: 'Check that the address is that of an HTTP server, and the proxy settings.',
      retryable: false,
      cause,
    });
  }
  if (!NETWORK_CODES.test(code)) return undefined;
  const hint =
    code === 'ECONNREFUSED'
      ? 'Check that the server is running and that the base URL and the proxy are correct.'
      : 'Check the network and try again.';
  const connectionFailure = FAILURES.find(([codes]) => codes.test(code))?.[1];
  return networkError(`Could not connect to ${origin} (${code}).`, cause, { connectionFailure, hint });
}

function networkError(
  message: string,
  cause: unknown,
  {
    connectionFailure,
    hint,
    retryable = true,
  }: { connectionFailure: ConnectionFailure | undefined; hint: string; retryable?: boolean },
): ProviderError {
  return new ProviderError(message, { code: 'network', connectionFailure, hint, retryable, cause });
}

/** An error of our own that an SDK wrapped on its way out of fetch, such as an unreadable certificate file. */
export function findOwnError(error: unknown): ProviderError | undefined {
  for (let inner = error, depth = 0; inner instanceof Error && depth < 6; inner = inner.cause, depth += 1) {
    if (inner instanceof ProviderError) return inner;
    if (!(inner instanceof UserError)) continue;
    const { message, code, connectionFailure, hint, action, cause } = inner;
    const kept = { ...(hint === undefined ? {} : { hint }), ...(action === undefined ? {} : { action }) };
    return new ProviderError(message, { code, connectionFailure, ...kept, retryable: false, cause });
  }
  return undefined;
}

/** Host and port only: a URL's path or user part may contain secrets. */
function originOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return 'the server';
  }
}

/** The error and its causes, aggregates included, outermost first. */
function* chain(error: unknown, depth = 0): Generator<{ code: string | undefined; message: string }> {
  if (depth > 6 || typeof error !== 'object' || error === null) return;
  const {
    name,
    message,
    cause,
    errors,
    code = PROTOCOL_CODES.test(String(name)) ? name : undefined,
  } = error as Record<string, unknown>;
  yield { code: typeof code === 'string' ? code : undefined, message: typeof message === 'string' ? message : '' };
  if (Array.isArray(errors)) for (const inner of errors) yield* chain(inner, depth + 1);
  yield* chain(cause, depth + 1);
}
