import { createRedactor } from '../../base/secrets/redact.ts';
import type { ConfigProblem } from '../../config/config-problem.ts';
import { normalizeOrigin } from './origins.ts';

export const ALLOW_VARIABLE = 'LLMOPS_ALLOW_ORIGINS';

/** An entry of LLMOPS_ALLOW_ORIGINS: where keys from the environment may be sent besides the providers' own servers. */
interface AllowedOrigin {
  /** The only variable that may be sent there; undefined allows the standard ones of the type, and `LLMOPS_*`. */
  name: string | undefined;
  origin: string;
  /** Required prefix of the path of the connection's base URL; empty for any. */
  segments: readonly string[];
}

export interface AllowedOrigins {
  places: readonly AllowedOrigin[];
  /** Invalid entries, and why. */
  problems: readonly ConfigProblem[];
}

/** Reads `NAME=https://host/path` and `https://host/path`, separated by commas or spaces. */
export function readAllowedOrigins(text: string | undefined): AllowedOrigins {
  const places: AllowedOrigin[] = [];
  const problems: ConfigProblem[] = [];
  for (const [index, entry] of (text ?? '')
    // Otherwise `NAME = https://host` would allow the standard variables to be sent to that host.
    .replace(/\s*=\s*/g, '=')
    .split(/[\s,]+/)
    .filter((part) => part !== '')
    .entries()) {
    const read = readEntry(entry);
    if (typeof read !== 'string') places.push(read);
    else {
      const message = `${nameEntry(entry, index)} is ignored: ${read}. Use NAME=https://host/path or https://host.`;
      problems.push({ where: ALLOW_VARIABLE, message, severity: 'warning' });
    }
  }
  return { places, problems };
}

/** The place in an entry, or why it is invalid. */
function readEntry(entry: string): AllowedOrigin | string {
  const [, name, url = ''] = /^(?:([^=/:?#]*)=)?(.*)$/s.exec(entry) ?? [];
  if (name !== undefined && !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    return 'the text before "=" is not the name of an environment variable';
  }
  const origin = normalizeOrigin(url);
  if (origin === undefined) return 'it is not an http or https URL';
  const { username, password, search, hash, pathname } = new URL(url);
  if (username !== '' || password !== '') return 'it contains a user name or a password';
  if (search !== '' || hash !== '') return 'it contains "?" or "#"';
  // A URL parser resolves these at once, so the compared path would not be the written one.
  if (url.includes('*')) return 'it contains "*", which is not a wildcard here';
  if (/(?:^|[\\/])(?:\.|%2e){1,2}(?:[\\/]|$)/i.test(url)) return 'its path contains "." or ".."';
  const segments = pathSegments(pathname);
  if (segments === undefined) return 'its path contains an encoded or double slash, or dots that could lead elsewhere';
  return { name, origin, segments };
}

/** An entry may contain a secret by mistake. */
function nameEntry(entry: string, index: number): string {
  if (entry.includes('@')) return `Entry ${index + 1}`;
  const shown = createRedactor().redact(entry);
  return `Entry ${index + 1}, ${shown.length > 80 ? `${shown.slice(0, 80)}…` : shown},`;
}

/** Whether an entry allows a variable to be sent to a base URL. `isUsual`: a standard variable of the type. */
export function isAllowed(
  { places }: AllowedOrigins,
  { name, baseUrl, isUsual }: { name: string; baseUrl: string; isUsual: boolean },
): boolean {
  const origin = normalizeOrigin(baseUrl);
  const path = pathSegments(new URL(baseUrl).pathname);
  return places.some((place) => {
    const mayHave = place.name === undefined ? isUsual || name.startsWith('LLMOPS_') : place.name === name;
    if (!mayHave || place.origin !== origin) return false;
    return place.segments.every((segment, index) => path?.[index] === segment);
  });
}

/** The entry to add so that a variable may be sent to a base URL; undefined if its path is ambiguous. */
export function entryFor(name: string, baseUrl: string): string | undefined {
  const { origin, pathname } = new URL(baseUrl);
  const segments = pathSegments(pathname);
  if (segments === undefined) return undefined;
  const path = pathname.split('/').slice(1, segments.length + 1);
  // A comma would end the entry, and "*" is rejected in one.
  return `${name}=${[origin, ...path].join('/').replaceAll(',', '%2C').replaceAll('*', '%2A')}`;
}

/** Encoded slashes and dots, parameters, and invisible characters that some servers drop before they look for `..`. */
const AMBIGUOUS = /[\\/\p{Cc}]|%(?:2f|5c|2e|25)|^\.{1,2}(?:;|$)/iu;

/**
 * The decoded segments of a path, so that each is compared as a whole. Undefined if a server could read other segments
 * than these: an encoded slash or dot (also encoded twice), or an empty segment.
 */
function pathSegments(pathname: string): string[] | undefined {
  const written = pathname.replace(/\/+$/, '').split('/').slice(1);
  const segments: string[] = [];
  for (const segment of written) {
    const decoded = decode(segment);
    if (decoded === undefined || decoded === '' || AMBIGUOUS.test(decoded)) return undefined;
    segments.push(decoded);
  }
  return segments;
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
