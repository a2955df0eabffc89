import { UserError } from '../../base/errors.ts';
import { createRedactor } from '../../base/secrets/redact.ts';
import type { ModelProvider } from '../chat-model.ts';
import type { Connection } from '../connection.ts';
import type { Providers } from '../providers.ts';
import { redactError } from '../transport/errors/redact-error.ts';
import { resolveAccess } from './access.ts';
import type { ConnectionStates } from './connection-states.ts';
import type { Directory } from './directory.ts';
import type { KeyStore } from './keys.ts';

export interface ConnectionUse {
  trusted(): boolean;
  keys: KeyStore;
  directory: Directory;
  providers: Providers;
  states: ConnectionStates;
}

/** A connection that may be used now: the workspace is trusted, and its key is for its current origin. */
interface GrantedConnection {
  connection: Connection;
  /** Removed from everything that is shown. */
  secrets: readonly string[];
  removeSecrets(text: string): string;
  /** Loads the SDK at the first call. */
  provider(): Promise<ModelProvider>;
  /** `model` if one answered, undefined if it was the connection itself. */
  succeeded(model?: string): void;
  /** Records what an error means for the connection or a model, and returns it without secrets. */
  failed(error: unknown, model?: string): unknown;
}

interface Terms {
  /** False for calls that send nothing. */
  needsTrust?: boolean;
}

/** Throws UserError: untrusted, unknown-connection, invalid-connection, missing-key, key-origin. */
export async function grantConnection(
  use: ConnectionUse,
  id: string,
  { needsTrust = true }: Terms = {},
): Promise<GrantedConnection> {
  if (needsTrust) requireTrust(use);
  const connection = await use.directory.find(id);
  const access = await resolveAccess(connection, use.keys);
  if (access.kind !== 'granted') throw access.error;
  const { secrets } = access;
  return {
    connection,
    secrets,
    removeSecrets: createRedactor(secrets).removeSecrets,
    provider: () => use.providers.open(connection, access),
    succeeded: (model) => use.states.succeeded(connection, model),
    failed(error, model) {
      const clean = redactError(error, secrets);
      use.states.failed(connection, clean, model);
      return clean;
    },
  };
}

/** One call to a provider. Its errors contain no secrets, and the connection's state is updated in either case. */
export async function withConnection<Result>(
  use: ConnectionUse,
  id: string,
  call: (granted: GrantedConnection) => Promise<Result>,
  terms?: Terms,
): Promise<Result> {
  const granted = await grantConnection(use, id, terms);
  try {
    const result = await call(granted);
    granted.succeeded();
    return result;
  } catch (error) {
    throw granted.failed(error);
  }
}

export function requireTrust({ trusted }: Pick<ConnectionUse, 'trusted'>): void {
  if (trusted()) return;
  throw new UserError('This workspace is not trusted, so nothing is sent to any model.', {
    code: 'untrusted',
    hint: 'Trust the workspace if you know where it comes from.',
    action: { command: 'workbench.trust.manage', title: 'Manage Workspace Trust' },
  });
}
