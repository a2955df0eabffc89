import { UserError } from '../../base/errors.ts';
import type { ConnectionType } from '../chat-model.ts';
import type { Connection } from '../connection.ts';
import { type Environment, TYPE_DEFAULTS } from './connection-defaults.ts';
import type { KeyAnswer, KeyStore } from './keys.ts';
import { isOwnOrigin } from './origins.ts';

/**
 * Names that a key of this provider may have in the environment. A declaration comes with a pull request: without
 * this, `apiKeyEnv: AWS_SECRET_ACCESS_KEY` would send that secret to a provider that has no business with it.
 */
const KNOWN_NAMES: Partial<Record<ConnectionType, RegExp>> = {
  openai: /^OPENAI_\w*KEY\w*$/,
  anthropic: /^ANTHROPIC_\w*KEY\w*$/,
  googleai: /^(?:GEMINI_\w*KEY\w*|GOOGLE_(?:AI_|GENAI_|GENERATIVE_AI_)?API_KEY)$/,
  'azure-openai': /^AZURE_OPENAI_\w*KEY\w*$/,
};

/** Keys of a command-line run: from the environment, only to the provider's own origin or one that is listed. */
export function createEnvKeyStore(env: Environment, allowOrigins: readonly string[]): KeyStore {
  const refuse = (connection: Connection, what: { subject: string; keyOrigin: string; origin: string }): KeyAnswer => ({
    kind: 'refused',
    keyOrigin: what.keyOrigin,
    reason: `${what.subject} may not be sent to ${what.origin}`,
    hint: `If ${connection.id} may have it, add ${what.origin} to the environment variable LLMOPS_ALLOW_ORIGINS.`,
  });
  const readOnly = async () => {
    throw new UserError('On the command line, keys come from the environment and are not stored.', {
      code: 'usage',
      hint: "Set the connection's environment variable instead, and LLMOPS_ALLOW_ORIGINS for other servers.",
    });
  };
  return {
    async key(connection, origin) {
      const names = keyVariables(connection);
      const name = names.find((candidate) => env[candidate]?.trim());
      const value = name === undefined ? undefined : env[name]?.trim();
      if (name === undefined || !value) return { kind: 'missing', hint: missingHint(names) };
      if (!isSendable(value)) return { kind: 'missing', hint: oddHint(name) };
      if (allowOrigins.includes(origin)) return { kind: 'found', value };
      const own = isOwnOrigin(connection.type, origin, env);
      if (own && KNOWN_NAMES[connection.type]?.test(name)) return { kind: 'found', value };
      const subject = own
        ? `${name}, which is not a usual name for a key of ${connection.type},`
        : `The key in ${name}`;
      return refuse(connection, { subject, keyOrigin: ownOriginOf(connection.type), origin });
    },
    async secret(connection, origin, name) {
      const variable = secretVariable(name);
      const value = env[variable]?.trim();
      if (!value) return { kind: 'missing', hint: `Set the environment variable ${variable}.` };
      if (!isSendable(value)) return { kind: 'missing', hint: oddHint(variable) };
      if (allowOrigins.includes(origin)) return { kind: 'found', value };
      return refuse(connection, { subject: `The secret in ${variable}`, keyOrigin: 'no origin', origin });
    },
    setKey: readOnly,
    setSecret: readOnly,
    removeKey: readOnly,
    allowOrigin: readOnly,
  };
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
  if (names.length === 0) return 'Name an environment variable in its apiKeyEnv, and set that.';
  return `Set the environment variable ${names.join(' or ')}.`;
}

/** A line break or another character that no header can carry would end in an error that quotes the key. */
function isSendable(value: string): boolean {
  return /^[\x20-\x7e]+$/.test(value);
}

function oddHint(name: string): string {
  return `The environment variable ${name} has a line break or odd characters in it: set it anew.`;
}

function ownOriginOf(type: ConnectionType): string {
  const { baseUrl } = TYPE_DEFAULTS[type];
  return baseUrl === undefined ? 'no origin' : new URL(baseUrl).origin;
}
