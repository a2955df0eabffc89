import { ProviderError } from '../../base/errors.ts';
import { isLoopback } from '../../base/network/loopback.ts';
import type { Fetch } from '../../base/ports.ts';
import type { Connection } from '../connection.ts';
import type { Environment } from './connection-defaults.ts';

/** Scheme, host and port of a connection's server; undefined if it has none. */
export function originOf(connection: Pick<Connection, 'baseUrl'>): string | undefined {
  return normalizeOrigin(connection.baseUrl);
}

export function normalizeOrigin(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined;
  const { origin, protocol } = new URL(url);
  return protocol === 'http:' || protocol === 'https:' ? origin : undefined;
}

/** The only servers whose models are listed without an action by the user. */
export function isOnThisMachine({ baseUrl }: Pick<Connection, 'baseUrl'>): boolean {
  return baseUrl !== undefined && URL.canParse(baseUrl) && isLoopback(new URL(baseUrl).hostname);
}

const OWN_ORIGINS: Partial<Record<Connection['type'], readonly RegExp[]>> = {
  openai: [/^https:\/\/(?:eu\.|us\.)?api\.openai\.com$/],
  anthropic: [/^https:\/\/api\.anthropic\.com$/],
  googleai: [/^https:\/\/generativelanguage\.googleapis\.com$/],
  // Hosts that Microsoft runs. azure-api.net is excluded: the owner of such a gateway can read the headers.
  'azure-openai': [
    /^https:\/\/[a-z0-9-]+\.openai\.azure\.com$/,
    /^https:\/\/[a-z0-9-]+\.cognitiveservices\.azure\.com$/,
    /^https:\/\/[a-z0-9-]+\.services\.ai\.azure\.com$/,
  ],
};

/** True for servers run by the provider of this type: its standard key may be sent there without asking. */
export function isOwnOrigin(type: Connection['type'], origin: string, env: Environment = {}): boolean {
  // Any Azure customer has such a host; if the environment names one, only that one is meant.
  const azureOrigin = type === 'azure-openai' ? normalizeOrigin(env.AZURE_OPENAI_ENDPOINT) : undefined;
  if (azureOrigin !== undefined) return origin === azureOrigin;
  return OWN_ORIGINS[type]?.some((pattern) => pattern.test(origin)) ?? false;
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const MOST_REDIRECTS = 5;

/**
 * A fetch that follows a redirect only within one origin, and only for reading. fetch's own redirects would strip
 * `Authorization` on the way to another origin, but not `x-api-key` or `api-key`, and not the prompt.
 */
export function guardRedirects(fetch: Fetch, connectionId: string): Fetch {
  return async (input, init) => {
    const manual = { ...init, redirect: 'manual' as const };
    let response = await fetch(input, manual);
    if (init?.redirect === 'manual') return response;
    let url = new URL(typeof input === 'string' ? input : input instanceof URL ? input.href : input.url);
    const method = (init?.method ?? (input instanceof Request ? input.method : 'GET')).toUpperCase();
    for (let hop = 0; REDIRECTS.has(response.status); hop++) {
      const location = response.headers.get('location') ?? '';
      const target = URL.canParse(location, url.href) ? new URL(location, url.href) : undefined;
      await response.body?.cancel();
      if (target?.origin !== url.origin || method !== 'GET' || hop >= MOST_REDIRECTS) {
        throw redirectError(connectionId, url, target);
      }
      url = target;
      response = await fetch(url.href, manual);
    }
    return response;
  };
}

function redirectError(connectionId: string, from: URL, target: URL | undefined): ProviderError {
  const where = target === undefined ? 'nowhere' : target.origin;
  return new ProviderError(`${connectionId}: ${from.origin} redirects to ${where}; nothing was sent there.`, {
    code: 'network',
    hint: 'If the server has moved, change the base URL of the connection.',
    retryable: false,
  });
}
