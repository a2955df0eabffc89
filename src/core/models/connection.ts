import type { Fetch, Log } from '../base/ports.ts';
import type { ConnectionType, ModelProvider } from './chat-model.ts';

/** Where a connection was declared; later sources override earlier ones. */
export type ConnectionSource = 'built-in' | 'workspace' | 'settings' | 'discovered';

/** A connection as declared in llmops/connections.yaml or in settings, validated and with defaults filled in. */
export interface Connection {
  id: string;
  type: ConnectionType;
  source: ConnectionSource;
  /** Absolute path of the file that declared it, if any. */
  declaredIn?: string;
  /** Without a trailing slash; undefined for vscode and demo. */
  baseUrl?: string;
  /** The environment variable that the CLI reads the key from. */
  apiKeyEnv?: string;
  /** Values are literals without secrets, or contain `${secret:name}`. */
  headers: Record<string, string>;
  /** Vertex AI. */
  project?: string;
  location?: string;
  /** Azure OpenAI. */
  apiVersion?: string;
  /** Models to offer if the server has no list endpoint. */
  models?: string[];
  timeoutMs?: number;
  contentTimeoutMs?: number;
  /** False if the server rejects `stream_options`, which other servers need to report token counts. */
  streamOptions?: boolean;
}

/** Nobody pays for a demo model: its cost only illustrates prices. */
export function isSimulated(type: ConnectionType): boolean {
  return type === 'demo';
}

/** `connection/model`; the model id may contain slashes. */
export interface ModelRef {
  connection: string;
  model: string;
}

export function parseModelRef(text: string): ModelRef | undefined {
  const slash = text.indexOf('/');
  if (slash <= 0 || slash === text.length - 1) return undefined;
  return { connection: text.slice(0, slash), model: text.slice(slash + 1) };
}

/** The connection of a reference that may consist of a connection's id only. */
export function connectionOf(ref: string): string {
  return parseModelRef(ref)?.connection ?? ref;
}

export function formatModelRef({ connection, model }: ModelRef): string {
  return `${connection}/${model}`;
}

/** What a provider gets: everything resolved, the key already allowed for this origin. */
export interface ProviderContext {
  connection: Connection;
  /** Undefined if the type needs none (demo, vscode, Vertex AI's default credentials, a local server). */
  apiKey: string | undefined;
  /** The connection's headers with `${secret:name}` filled in. */
  headers: Record<string, string>;
  /** The key and the secrets in the headers, to be removed from everything that is shown. */
  secrets?: readonly string[];
  fetch: Fetch;
  /** For gRPC: proxy URL and PEM roots, resolved in the same way as for fetch. */
  network: NetworkOptions;
  /** Silence after which a request fails: before the first byte, and between two chunks. */
  timeoutMs: number;
  /** Time without any content after which a request fails although its server is alive. */
  contentTimeoutMs?: number;
  /** Retries of 429, 5xx and broken connections before the first byte; 0 turns them off. */
  maxRetries: number;
  log: Log;
}

export interface NetworkOptions {
  proxyUrl?: string;
  noProxy?: string[];
  /** PEM certificates to trust in addition to Node's own: the system's and the named CA file's. */
  extraCa?: string[];
  rejectUnauthorized: boolean;
}

/** Each provider file exports one of these; the registry imports the file on first use. */
export type CreateProvider = (context: ProviderContext) => ModelProvider;
