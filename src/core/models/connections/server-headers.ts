import { UserError } from '../../base/errors.ts';
import type { Connection } from '../connection.ts';
import { fillSecrets, type KeyAnswer, type KeyStore, secretNames } from './keys.ts';

export type FilledHeaders =
  | { headers: Record<string, string>; secrets: string[] }
  /** No value for a secret of this header, or not for this origin. */
  | { header: string; answer: Exclude<KeyAnswer, { kind: 'found' }> };

/** The headers of a connection with the values of their `${secret:name}` for an origin. */
export async function fillHeaders(connection: Connection, origin: string, keys: KeyStore): Promise<FilledHeaders> {
  const headers: Record<string, string> = {};
  const used: string[] = [];
  for (const [header, value] of Object.entries(connection.headers)) {
    const secrets = new Map<string, string>();
    for (const secret of secretNames(value)) {
      const answer = await keys.secret(connection, origin, secret);
      if (answer.kind !== 'found') return { header, answer };
      secrets.set(secret, answer.value);
      used.push(answer.value);
    }
    headers[header] = fillSecrets(value, secrets);
  }
  return { headers, secrets: used };
}

/** A server of the user that is no connection, such as a target of an evaluation. */
export interface OwnServer {
  /** For messages: `the target staging`. */
  name: string;
  url: string;
  /** With `${secret:name}` as written. */
  headers: Readonly<Record<string, string>>;
}

/**
 * Such a server in place of a connection. Its origin is its ID, which no declared connection can have, so its secrets
 * belong to the origin and to nothing else.
 */
export function serverConnection(url: string, headers: Readonly<Record<string, string>> = {}): Connection {
  const { origin, href } = new URL(url);
  return { id: origin, type: 'openai-compatible', source: 'workspace', baseUrl: href, headers: { ...headers } };
}

/** What is sent to such a server. Throws UserError: missing-key, key-origin. */
export async function resolveServerHeaders(
  { name, url, headers }: OwnServer,
  keys: KeyStore,
): Promise<{ headers: Record<string, string>; secrets: string[] }> {
  const connection = serverConnection(url, headers);
  const filled = await fillHeaders(connection, connection.id, keys);
  if ('headers' in filled) return filled;
  const { answer, header } = filled;
  const [code, message] =
    answer.kind === 'refused'
      ? (['key-origin', `Nothing was sent to ${name}: ${answer.reason}.`] as const)
      : (['missing-key', `There is no value for the secret in the header ${header} of ${name}.`] as const);
  throw new UserError(message, { code, hint: answer.hint, ...(answer.action && { action: answer.action }) });
}
