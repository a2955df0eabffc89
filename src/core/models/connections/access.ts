import type { ErrorCode } from '../../base/error-kinds.ts';
import { UserError } from '../../base/errors.ts';
import type { Connection } from '../connection.ts';
import { hasAuthHeader, isKeyRequired } from './connection-defaults.ts';
import type { KeyAnswer, KeyStore } from './keys.ts';
import { originOf } from './origins.ts';
import { fillHeaders } from './server-headers.ts';

/** What a connection may send with a request now, or why it may not. */
export type Access =
  | {
      kind: 'granted';
      apiKey: string | undefined;
      headers: Record<string, string>;
      /** The key and the headers' secrets, to be removed from everything that is shown. */
      secrets: string[];
    }
  | { kind: 'no-key'; error: UserError }
  | { kind: 'key-origin'; keyOrigin: string; origin: string; entry?: string | undefined; error: UserError };

/** Collects the key and the headers' secrets for the connection's current origin. Makes no request. */
export async function resolveAccess(connection: Connection, keys: KeyStore): Promise<Access> {
  const origin = originOf(connection);
  if (origin === undefined) return { kind: 'granted', apiKey: undefined, headers: connection.headers, secrets: [] };
  let apiKey: string | undefined;
  if (!hasAuthHeader(connection)) {
    const answer = await keys.key(connection, origin);
    if (answer.kind === 'found') apiKey = answer.value;
    else if (answer.kind === 'refused' || isKeyRequired(connection)) return denied(connection, origin, { answer });
  }
  const filled = await fillHeaders(connection, origin, keys);
  if ('answer' in filled) return denied(connection, origin, filled);
  const { headers, secrets } = filled;
  return { kind: 'granted', apiKey, headers, secrets: apiKey === undefined ? secrets : [apiKey, ...secrets] };
}

function denied(
  connection: Connection,
  origin: string,
  { answer, header }: { answer: Exclude<KeyAnswer, { kind: 'found' }>; header?: string },
): Access {
  const fail = (code: ErrorCode, message: string) =>
    new UserError(message, { code, hint: answer.hint, ...(answer.action && { action: answer.action }) });
  if (answer.kind === 'refused') {
    const error = fail('key-origin', `Nothing was sent to ${connection.id}: ${answer.reason}.`);
    return { kind: 'key-origin', keyOrigin: answer.keyOrigin, origin, entry: answer.entry, error };
  }
  const what = header === undefined ? 'has no API key' : `has no value for the secret in its header ${header}`;
  return { kind: 'no-key', error: fail('missing-key', `The connection ${connection.id} ${what}.`) };
}
