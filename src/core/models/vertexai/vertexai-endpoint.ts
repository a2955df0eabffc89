import { UserError } from '../../base/errors.ts';
import { isLoopback } from '../../base/network/loopback.ts';
import type { Connection } from '../connection.ts';
import { vertexBaseUrl } from '../connections/connection-defaults.ts';

/** How a model id is served: the protocol, and the name. */
type VertexRoute =
  | { kind: 'gemini'; resource: string }
  | { kind: 'claude'; model: string }
  | { kind: 'openai'; model: string };

/** Where requests are sent: Google's regional or worldwide host, a private endpoint, or a local server. */
export interface VertexEndpoint {
  /** Without a trailing slash and without the version. */
  baseUrl: string;
  host: string;
  port: number;
  /** Plain http on loopback: gRPC without TLS, and never with Google's credentials. */
  insecure: boolean;
  /** Google's default credentials are sent to Google's own hosts and nowhere else. */
  acceptsDefaultCredentials: boolean;
  location: string;
}

/**
 * Chooses the protocol by the id: `gemini-…` and `endpoints/123` use gRPC, `claude-…` Anthropic's protocol, and
 * `publisher/model` (Llama, Mistral, DeepSeek, …) chat completions.
 */
export function routeModel(model: string, { project, location }: { project: string; location: string }): VertexRoute {
  const parent = `projects/${project}/locations/${location}`;
  if (/^projects\/[^/]+\/locations\/[^/]+\/(endpoints|publishers)\//.test(model)) {
    return { kind: 'gemini', resource: model };
  }
  if (/^endpoints\/[^/]+$/.test(model)) return { kind: 'gemini', resource: `${parent}/${model}` };
  const published = /^(?:publishers\/)?([^/]+)\/(?:models\/)?([^/]+)$/.exec(model);
  const publisher = published?.[1] ?? (model.startsWith('claude-') ? 'anthropic' : 'google');
  const name = published?.[2] ?? model;
  if (publisher === 'anthropic') return { kind: 'claude', model: name };
  if (publisher === 'google') return { kind: 'gemini', resource: `${parent}/publishers/google/models/${name}` };
  return { kind: 'openai', model: `${publisher}/${name}` };
}

/** Reads the connection's base URL; throws if it could leak a prompt or a token in plain text. */
export function readEndpoint(connection: Connection): VertexEndpoint {
  const location = connection.location ?? 'global';
  const baseUrl = (connection.baseUrl ?? vertexBaseUrl(location)).replace(/\/(v1(beta1)?\/?)?$/, '');
  if (!URL.canParse(baseUrl)) throw invalid(connection, `its base URL '${baseUrl}' is not a URL.`);
  const { protocol, hostname, port } = new URL(baseUrl);
  const insecure = protocol === 'http:';
  if (insecure && !isLoopback(hostname)) throw invalid(connection, 'plain http is accepted only for this machine.');
  if (!insecure && protocol !== 'https:') throw invalid(connection, `it cannot use ${protocol.slice(0, -1)}.`);
  return {
    baseUrl,
    host: hostname,
    port: Number(port || (insecure ? 80 : 443)),
    insecure,
    acceptsDefaultCredentials: !insecure && isGoogleHost(hostname),
    location,
  };
}

/** Private Service Connect names (`….p.googleapis.com`) and multi-regions (`….rep.googleapis.com`) included. */
function isGoogleHost(hostname: string): boolean {
  return /(^|\.)googleapis\.com$/.test(hostname) || hostname.endsWith('.prediction.vertexai.goog');
}

function invalid(connection: Connection, why: string): UserError {
  return new UserError(`The connection '${connection.id}' cannot be used: ${why}`, {
    code: 'invalid-connection',
    hint: 'Leave baseUrl out for Google’s own servers, or set an https URL (http only for 127.0.0.1).',
  });
}
