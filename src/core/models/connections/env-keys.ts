import { UserError } from '../../base/errors.ts';
import type { ConnectionType } from '../chat-model.ts';
import type { Connection } from '../connection.ts';
import { ALLOW_VARIABLE, type AllowedOrigins, entryFor, isAllowed } from './allowed-origins.ts';
import { type Environment, TYPE_DEFAULTS } from './connection-defaults.ts';
import type { KeyAnswer, KeyStore } from './keys.ts';
import { isOwnOrigin } from './origins.ts';

/**
 * Standard variables for a key of this provider. A declaration comes with a pull request: without this rule,
 * `apiKeyEnv: AWS_SECRET_ACCESS_KEY` would send that secret to an unrelated provider.
 */
const KNOWN_NAMES: Partial<Record<ConnectionType, RegExp>> = {
  openai: /^OPENAI_\w*KEY\w*$/,
  anthropic: /^ANTHROPIC_\w*KEY\w*$/,
  googleai: /^(?:GEMINI_\w*KEY\w*|GOOGLE_(?:AI_|GENAI_|GENERATIVE_AI_)?API_KEY)$/,
  'azure-openai': /^AZURE_OPENAI_\w*KEY\w*$/,
};

/**
 * Keys of a command-line run: from the environment, only to the provider's own origin or an allowed place. The path of
 * the base URL counts, because on a gateway it can select the account.
 */
export function createEnvKeyStore(env: Environment, allowed: AllowedOrigins): KeyStore {
  const answer = (names: readonly string[], connection: Connection, origin: string): KeyAnswer => {
    const name = names.find((candidate) => read(env, candidate));
    const value = name === undefined ? undefined : read(env, name);
    if (name === undefined || !value) return { kind: 'missing', hint: missingHint(names) };
    if (!isSendable(value)) return { kind: 'missing', hint: ambiguousPathHint(name) };
    return checkOrigin({ name, value, connection, origin }, env, allowed);
  };
  return {
    key: async (connection, origin) => answer(keyVariables(connection), connection, origin),
    secret: async (connection, origin, secret) => answer([secretVariable(secret)], connection, origin),
    setKey: readOnly,
    setSecret: readOnly,
    removeKey: readOnly,
    allowOrigin: readOnly,
    problems: () => allowed.problems,
  };
}

// A name such as `constructor` is not a variable, though every object has a property of that name.
function read(env: Environment, name: string): string | undefined {
  return Object.hasOwn(env, name) ? env[name]?.trim() : undefined;
}

interface FoundKey {
  /** The variable. */
  name: string;
  value: string;
  connection: Connection;
  origin: string;
}

/** The key, if the origin may have it; or else how the user can allow that. */
function checkOrigin(
  { name, value, connection, origin }: FoundKey,
  env: Environment,
  allowed: AllowedOrigins,
): KeyAnswer {
  const { type, baseUrl = origin } = connection;
  const isUsual = TYPE_DEFAULTS[type].keyEnv.includes(name) || KNOWN_NAMES[type]?.test(name) === true;
  const isOwn = isOwnOrigin(type, origin, env);
  if ((isOwn && isUsual) || isAllowed(allowed, { name, baseUrl, isUsual })) return { kind: 'found', value };
  const what = isOwn ? `${name}, which is not a standard variable for ${type} keys,` : `The key in ${name}`;
  const entry = entryFor(name, baseUrl);
  return {
    kind: 'refused',
    entry,
    keyOrigin: isUsual ? ownOriginOf(type) : 'no origin',
    reason: `${what} may not be sent to ${baseUrl}`,
    hint:
      entry === undefined
        ? `No entry in ${ALLOW_VARIABLE} can allow this: the path contains an encoded or double slash, or dots that could lead elsewhere. Change the base URL.`
        : `To allow this, add ${entry} to the environment variable ${ALLOW_VARIABLE}.`,
  };
}

async function readOnly(): Promise<never> {
  throw new UserError('On the command line, keys come from the environment and are not stored.', {
    code: 'usage',
    hint: `Set the connection's environment variable instead, and ${ALLOW_VARIABLE} for other servers.`,
  });
}

/** `${secret:gateway-token}` is `LLMOPS_SECRET_GATEWAY_TOKEN` on the command line. */
export function secretVariable(name: string): string {
  return `LLMOPS_SECRET_${name.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`;
}

function keyVariables({ type, apiKeyEnv }: Connection): readonly string[] {
  const usual = TYPE_DEFAULTS[type].keyEnv;
  if (apiKeyEnv === undefined || usual.includes(apiKeyEnv)) return usual;
  return [apiKeyEnv];
}

function missingHint(names: readonly string[]): string {
  if (names.length === 0) return 'Set its apiKeyEnv to the name of an environment variable, and set that variable.';
  return `Set the environment variable ${names.join(' or ')}.`;
}

/** A key with a line break, or another character that no header can contain, would cause an error that quotes it. */
function isSendable(value: string): boolean {
  return /^[\x20-\x7e]+$/.test(value);
}

function ambiguousPathHint(name: string): string {
  return `The environment variable ${name} has a line break or invalid characters in it: set it again.`;
}

function ownOriginOf(type: ConnectionType): string {
  const { baseUrl } = TYPE_DEFAULTS[type];
  return baseUrl === undefined ? 'no origin' : new URL(baseUrl).origin;
}
