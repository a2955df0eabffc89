import { createHash } from 'node:crypto';
import { UserError } from '../base/errors.ts';
import type { Fetch, Log } from '../base/ports.ts';
import { createRedactor } from '../base/secrets/redact.ts';
import type { Settings } from '../base/settings.ts';
import type { ConnectionType, ModelProvider } from './chat-model.ts';
import type { Connection, CreateProvider, NetworkOptions } from './connection.ts';
import type { Access } from './connections/access.ts';
import { guardRedirects } from './connections/origins.ts';
import { loadProvider } from './load-provider.ts';
import type { HostModels } from './models.ts';

export interface ProvidersPorts {
  settings(): Settings;
  log: Log;
  network(): Promise<{ fetch: Fetch; options: NetworkOptions; prepare?(): void }>;
  hostModels?: HostModels | undefined;
  /** Replaces the real providers in tests. */
  loadProvider?: (type: Exclude<ConnectionType, 'vscode'>) => Promise<CreateProvider>;
}

export type Providers = ReturnType<typeof createProviders>;

export function createProviders(ports: ProvidersPorts) {
  const opened = new Map<string, { fingerprint: string; provider: Promise<ModelProvider> }>();
  return {
    /** Loads the SDK at the first call for a type; later calls share it while key, address and settings stay. */
    open(connection: Connection, access: Extract<Access, { kind: 'granted' }>): Promise<ModelProvider> {
      const { timeoutMs, contentTimeoutMs, maxRetries } = ports.settings();
      // Hashed, so that no key stays in a map for longer than the client that uses it.
      const fingerprint = createHash('sha256')
        .update(JSON.stringify([connection, access.apiKey, access.headers, timeoutMs, contentTimeoutMs, maxRetries]))
        .digest('hex');
      const known = opened.get(connection.id);
      if (known?.fingerprint === fingerprint) return known.provider;
      const provider = createProvider(ports, connection, access);
      opened.set(connection.id, { fingerprint, provider });
      // A failed import (an SDK that cannot be loaded) is tried again the next time.
      provider.catch(() => opened.delete(connection.id));
      return provider;
    },
    forget: (connectionId: string) => void opened.delete(connectionId),
  };
}

async function createProvider(
  ports: ProvidersPorts,
  connection: Connection,
  { apiKey, headers, secrets }: Extract<Access, { kind: 'granted' }>,
): Promise<ModelProvider> {
  if (connection.type === 'vscode') return hostProvider(ports.hostModels);
  const create = await (ports.loadProvider ?? loadProvider)(connection.type);
  const { timeoutMs, contentTimeoutMs, maxRetries } = ports.settings();
  const { fetch, options, prepare } = connection.type === 'demo' ? NO_NETWORK : await ports.network();
  prepare?.();
  return create({
    connection,
    apiKey,
    headers,
    secrets,
    fetch: guardRedirects(fetch, connection.id),
    network: options,
    timeoutMs: connection.timeoutMs ?? timeoutMs,
    contentTimeoutMs: connection.contentTimeoutMs ?? contentTimeoutMs,
    maxRetries,
    log: redactedLog(ports.log, secrets),
  });
}

function hostProvider(hostModels: HostModels | undefined): ModelProvider {
  if (hostModels === undefined) {
    throw new UserError("VS Code's models are not available here.", {
      code: 'unknown-connection',
      hint: 'They exist only inside VS Code. Choose a model of another connection.',
    });
  }
  return { chat: hostModels.chat(), listModels: () => hostModels.list() };
}

const NO_NETWORK: Awaited<ReturnType<ProvidersPorts['network']>> = {
  fetch: () => Promise.reject(new Error('The demo models use no network.')),
  options: { rejectUnauthorized: true },
};

/** The last line of defense: even a provider that logs its input logs no key. */
function redactedLog(log: Log, secrets: readonly string[]): Log {
  const { redact } = createRedactor(secrets);
  return {
    debug: (message) => log.debug(redact(message)),
    info: (message) => log.info(redact(message)),
    warn: (message) => log.warn(redact(message)),
    error: (message, error) => log.error(redact(message), error === undefined ? undefined : redact(describe(error))),
  };
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
