import { isAbortError, toErrorInfo, UserError } from '../../base/errors.ts';
import type { Connection } from '../connection.ts';
import type { ConnectionState } from '../models.ts';
import type { Access } from './access.ts';

/** What was last seen of each connection; a changed declaration or key makes it unknown again. */
export interface ConnectionStates {
  of(connection: Connection, access: Access): ConnectionState;
  succeeded(connection: Connection): void;
  /** Only errors that speak of the connection count, not a model that is missing or a request that is too long. */
  failed(connection: Connection, error: unknown): void;
  forget(connectionId: string): void;
}

const ABOUT_THE_CONNECTION = new Set(['auth', 'network', 'dns', 'tls', 'timeout', 'server', 'bad-response']);

export function createConnectionStates(now: () => number): ConnectionStates {
  const seen = new Map<string, { of: string; state: ConnectionState }>();
  const note = (connection: Connection, state: ConnectionState) => {
    seen.set(connection.id, { of: JSON.stringify(connection), state });
  };
  return {
    of(connection, access) {
      if (access.kind === 'no-key') return { kind: 'no-key' };
      if (access.kind === 'key-origin') {
        const { keyOrigin, origin, entry } = access;
        return { kind: 'key-origin', keyOrigin, origin, ...(entry !== undefined && { entry }) };
      }
      if (connection.type === 'demo' || connection.type === 'vscode') return { kind: 'ready' };
      const last = seen.get(connection.id);
      return last?.of === JSON.stringify(connection) ? last.state : { kind: 'unknown' };
    },
    succeeded: (connection) => note(connection, { kind: 'ready', checkedAt: now() }),
    failed(connection, error) {
      if (isAbortError(error) || !(error instanceof UserError) || !ABOUT_THE_CONNECTION.has(error.code)) return;
      note(connection, { kind: 'unreachable', error: toErrorInfo(error) });
    },
    forget: (connectionId) => seen.delete(connectionId),
  };
}
