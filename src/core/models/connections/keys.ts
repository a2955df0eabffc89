import { type ErrorInfo, UserError } from '../../base/errors.ts';
import type { SecretStore } from '../../base/ports.ts';
import type { ConfigProblem } from '../../config/config-problem.ts';
import type { Connection } from '../connection.ts';

/** The result of looking up a connection's key; the hint and the action are the user's next step. */
export type KeyAnswer =
  | { kind: 'found'; value: string }
  | { kind: 'missing'; hint: string; action?: ErrorInfo['action'] }
  /** A key exists, but may not be sent to the connection's current origin. Its value stays in the store. */
  | {
      kind: 'refused';
      keyOrigin: string;
      reason: string;
      hint: string;
      action?: ErrorInfo['action'];
      /** On the command line, the entry to add to LLMOPS_ALLOW_ORIGINS. */
      entry?: string | undefined;
    };

/** Keys by connection and origin. A key is only ever returned for the origin that it belongs to. */
export interface KeyStore {
  key(connection: Connection, origin: string): Promise<KeyAnswer>;
  /** The value of `${secret:name}` in a header of the connection. */
  secret(connection: Connection, origin: string, name: string): Promise<KeyAnswer>;
  setKey(connection: Connection, origin: string, key: string): Promise<void>;
  setSecret(connection: Connection, origin: string, secret: { name: string; value: string }): Promise<void>;
  /** Deletes the connection's key and the secrets of its headers, for every origin. */
  removeKey(connection: Connection): Promise<void>;
  /** Problems with the configuration of allowed places, independent of any connection. */
  problems?(): readonly ConfigProblem[];
  /** The user's confirmation that the latest key and secrets of the connection may be sent to this origin, too. */
  allowOrigin(connection: Connection, origin: string): Promise<void>;
}

/** One value by origin; `latest` is the one that was set or allowed last. */
interface BoundValue {
  latest: string;
  values: Record<string, string>;
}

const SECRET_REFERENCE = /\$\{secret:([A-Za-z0-9_.-]+)\}/g;

/** The names in `${secret:name}` of one header value. */
export function secretNames(value: string): string[] {
  return [...value.matchAll(SECRET_REFERENCE)].map((match) => match[1] ?? '');
}

export function fillSecrets(value: string, secrets: ReadonlyMap<string, string>): string {
  return value.replace(SECRET_REFERENCE, (_, name: string) => secrets.get(name) ?? '');
}

/** Keys in the editor's SecretStorage, one JSON entry for each connection. */
export function createSecretKeyStore(secrets: SecretStore): KeyStore {
  const bind = async (name: string, origin: string, value: string) => {
    const bound = parseBound(await secrets.get(name)) ?? { latest: origin, values: {} };
    await secrets.set(name, JSON.stringify({ latest: origin, values: { ...bound.values, [origin]: value } }));
  };
  const find = async (name: string, connection: Connection, origin: string): Promise<KeyAnswer | undefined> => {
    const bound = parseBound(await secrets.get(name));
    if (bound === undefined) return undefined;
    const value = bound.values[origin];
    return value === undefined ? movedAnswer(connection, bound.latest, origin) : { kind: 'found', value };
  };
  const move = async (name: string, origin: string) => {
    const bound = parseBound(await secrets.get(name));
    const value = bound?.values[bound.latest];
    if (value !== undefined) await bind(name, origin, value);
  };
  return {
    async key(connection, origin) {
      const action = { command: 'llmops.connection.setKey', title: 'Set API Key', args: [connection.id] };
      const missing: KeyAnswer = { kind: 'missing', hint: 'Set its API key.', action };
      return (await find(keyName(connection), connection, origin)) ?? missing;
    },
    async secret(connection, origin, name) {
      const action = { command: 'llmops.connection.setKey', title: 'Set Secret', args: [connection.id, name] };
      const missing: KeyAnswer = { kind: 'missing', hint: `Set the secret ${name}.`, action };
      return (await find(secretName(connection, name), connection, origin)) ?? missing;
    },
    setKey: (connection, origin, key) => bind(keyName(connection), origin, key),
    setSecret: (connection, origin, { name, value }) => bind(secretName(connection, name), origin, value),
    async removeKey(connection) {
      await secrets.delete(keyName(connection));
      for (const name of headerSecrets(connection)) await secrets.delete(secretName(connection, name));
    },
    async allowOrigin(connection, origin) {
      await move(keyName(connection), origin);
      for (const name of headerSecrets(connection)) await move(secretName(connection, name), origin);
    },
  };
}

function headerSecrets({ headers }: Connection): Set<string> {
  return new Set(Object.values(headers).flatMap(secretNames));
}

function movedAnswer(connection: Connection, keyOrigin: string, origin: string): KeyAnswer {
  return {
    kind: 'refused',
    keyOrigin,
    reason: `its credentials were set for ${keyOrigin}, but it now points to ${origin}`,
    hint: `If you trust ${origin} with them, allow it; otherwise fix the base URL or set another key.`,
    action: { command: 'llmops.connection.allowOrigin', title: `Allow ${origin}`, args: [connection.id] },
  };
}

const keyName = (connection: Connection) => `llmops.key.${connection.id}`;
const secretName = (connection: Connection, name: string) => `llmops.secret.${connection.id}/${name}`;

/** An entry that cannot be read counts as missing: the user sets the key again. */
function parseBound(text: string | undefined): BoundValue | undefined {
  if (text === undefined) return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null || !('latest' in parsed) || !('values' in parsed))
      return undefined;
    const { latest, values } = parsed;
    if (typeof latest !== 'string' || typeof values !== 'object' || values === null) return undefined;
    const strings = Object.entries(values).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
    return strings.length === 0 ? undefined : { latest, values: Object.fromEntries(strings) };
  } catch {
    return undefined;
  }
}

/** A pasted key without surrounding whitespace. Throws, without repeating the key, if a header cannot contain it. */
export function cleanKey(key: string): string {
  const trimmed = key.trim();
  const problem =
    trimmed === '' ? 'is empty' : /[^\x21-\x7e]/.test(trimmed) ? 'contains spaces or invalid characters' : '';
  if (problem === '') return trimmed;
  throw new UserError(`The key ${problem}.`, {
    code: 'usage',
    hint: 'Copy it from the provider again and paste all of it.',
  });
}
