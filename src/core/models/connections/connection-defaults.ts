import type { ConnectionType } from '../chat-model.ts';
import type { Connection } from '../connection.ts';

/** The defaults of a connection type. */
interface TypeDefaults {
  baseUrl?: string;
  /** Environment variables from which this provider's own tools read the key, in order. */
  keyEnv: readonly string[];
  /** False if requests work without a key, or with other credentials. */
  keyRequired: boolean;
  /** The declaration must specify its server. */
  baseUrlRequired: boolean;
}

const NO_KEY = { keyEnv: [], keyRequired: false, baseUrlRequired: false } as const;

export const TYPE_DEFAULTS: Readonly<Record<ConnectionType, TypeDefaults>> = {
  openai: {
    baseUrl: 'https://api.openai.com/v1',
    keyEnv: ['OPENAI_API_KEY'],
    keyRequired: true,
    baseUrlRequired: false,
  },
  anthropic: {
    baseUrl: 'https://api.anthropic.com',
    keyEnv: ['ANTHROPIC_API_KEY'],
    keyRequired: true,
    baseUrlRequired: false,
  },
  googleai: {
    baseUrl: 'https://generativelanguage.googleapis.com/v1beta/openai',
    keyEnv: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
    keyRequired: true,
    baseUrlRequired: false,
  },
  'azure-openai': { keyEnv: ['AZURE_OPENAI_API_KEY'], keyRequired: true, baseUrlRequired: true },
  'openai-compatible': { keyEnv: [], keyRequired: false, baseUrlRequired: true },
  vertexai: NO_KEY,
  vscode: NO_KEY,
  demo: NO_KEY,
};

/** Reserved ids with one meaning everywhere, so that no file can present a server as the demo or as the editor. */
export const RESERVED_IDS: readonly string[] = ['demo', 'vscode'];

/** Newer Gemini and Claude models are served worldwide first; a region is set if data has to stay in it. */
const DEFAULT_LOCATION = 'global';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The connections that need no declaration. */
export function builtInConnections(env: Environment, hasHostModels: boolean): Connection[] {
  const ids: ConnectionType[] = ['openai', 'anthropic', 'googleai', 'vertexai', 'demo'];
  if (hasHostModels) ids.push('vscode');
  return ids.map((type) => withDefaults({ id: type, type, source: 'built-in', headers: {} }, env));
}

/** Fills in optional fields of a declaration by its type. */
export function withDefaults(connection: Connection, env: Environment): Connection {
  const complete: Connection = { ...connection };
  if (complete.type === 'vertexai') {
    const project = complete.project ?? env.GOOGLE_CLOUD_PROJECT;
    if (project) complete.project = project;
    complete.location ??= env.GOOGLE_CLOUD_LOCATION || DEFAULT_LOCATION;
    complete.baseUrl ??= vertexBaseUrl(complete.location);
    return complete;
  }
  const { baseUrl, keyEnv } = TYPE_DEFAULTS[complete.type];
  if (baseUrl !== undefined) complete.baseUrl ??= baseUrl;
  const [firstEnv] = keyEnv;
  if (firstEnv !== undefined) complete.apiKeyEnv ??= firstEnv;
  return complete;
}

export function vertexBaseUrl(location: string): string {
  if (location === 'global') return 'https://aiplatform.googleapis.com';
  // The two multi-regions keep data in their part of the world by separate hosts.
  if (location === 'us' || location === 'eu') return `https://aiplatform.${location}.rep.googleapis.com`;
  return `https://${location}-aiplatform.googleapis.com`;
}

/** True if the connection's own headers authenticate it, so that it needs no key. */
export function hasAuthHeader(connection: Connection): boolean {
  const own = connection.type === 'anthropic' ? 'x-api-key' : connection.type === 'azure-openai' ? 'api-key' : '';
  return Object.keys(connection.headers).some((name) => ['authorization', own].includes(name.toLowerCase()));
}

export function isKeyRequired(connection: Connection): boolean {
  if (hasAuthHeader(connection)) return false;
  if (connection.type === 'openai-compatible') return connection.apiKeyEnv !== undefined;
  return TYPE_DEFAULTS[connection.type].keyRequired;
}
