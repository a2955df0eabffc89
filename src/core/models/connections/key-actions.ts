import { UserError } from '../../base/errors.ts';
import type { Connection } from '../connection.ts';
import type { Models } from '../models.ts';
import { cleanKey, type KeyStore } from './keys.ts';
import { originOf } from './origins.ts';
import { serverConnection } from './server-headers.ts';

interface KeyActionsPorts {
  keys: KeyStore;
  find(connectionId: string): Promise<Connection>;
  /** Drops clients that were created with the old key. */
  forget(connectionId: string): void;
}

/** User actions on a connection's secrets. Each secret is bound to the current origin. */
export function createKeyActions({
  keys,
  find,
  forget,
}: KeyActionsPorts): Pick<Models, 'setKey' | 'setSecret' | 'removeKey' | 'allowOrigin'> {
  const change = async (connectionId: string, work: (connection: Connection, origin: string) => Promise<void>) => {
    // a server that is no connection has its origin as its ID
    const connection = URL.canParse(connectionId) ? serverConnection(connectionId) : await find(connectionId);
    await work(connection, requireOrigin(connection));
    forget(connectionId);
  };
  return {
    setKey: (id, key) => change(id, (connection, origin) => keys.setKey(connection, origin, cleanKey(key))),
    setSecret: (id, name, value) =>
      change(id, (connection, origin) => keys.setSecret(connection, origin, { name, value: cleanKey(value) })),
    removeKey: (id) => change(id, (connection) => keys.removeKey(connection)),
    allowOrigin: (id) => change(id, (connection, origin) => keys.allowOrigin(connection, origin)),
  };
}

function requireOrigin(connection: Connection): string {
  const origin = originOf(connection);
  if (origin !== undefined) return origin;
  throw new UserError(`The connection ${connection.id} does not use a key.`, {
    code: 'usage',
    hint: 'Its models can be used without one.',
  });
}
