import { isSecretHeader } from '../../base/secrets/redact.ts';
import { secretNames } from './keys.ts';

const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;
/** Headers that the client sets itself; declared ones would break the request. */
const OWN_HEADERS = /^(?:host|content-length|content-type|connection|transfer-encoding|expect|upgrade)$/i;
const LOOKS_SECRET = /\b(?:sk-|ghp_|gho_|hf_|AIza|AKIA|ya29\.|xox[bap]-|eyJ)[\w-]{6,}|\b(?:Bearer|Basic)\s+\S{6,}/i;
const LONG_TOKEN = /^(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9+/_=-]{28,}$/;

/** True for text that contains what is probably a key. */
export function looksSecret(text: string): boolean {
  return LOOKS_SECRET.test(text) || LONG_TOKEN.test(text.trim());
}

/** Why a declared header is not sent, the rest of a sentence. It never repeats the value, which may be a secret. */
export function headerProblem(name: string, value: string): string | undefined {
  if (!HEADER_NAME.test(name)) return 'has a name that HTTP does not allow; it is not sent.';
  if (name === '__proto__') return 'has a name that cannot be sent.';
  if (OWN_HEADERS.test(name)) return 'is set by the client itself and cannot be declared.';
  if (/[^\x20-\x7e]/.test(value)) return 'has characters in its value that HTTP does not allow; it is not sent.';
  const literal = value.replace(/\$\{secret:[A-Za-z0-9_.-]+\}/g, '');
  if (literal.includes('${')) return `has an unknown reference; secrets are written \${secret:name}.`;
  const references = secretNames(value).length;
  if (!looksSecret(literal) && !(isSecretHeader(name) && references === 0 && literal.trim() !== '')) return undefined;
  return `appears to contain a secret and is not sent. Use \${secret:name} instead, and replace the secret if it was shared.`;
}
