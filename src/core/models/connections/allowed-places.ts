import { createRedactor } from '../../base/secrets/redact.ts';
import type { ConfigProblem } from '../../config/config-problem.ts';
import { normalizeOrigin } from './origins.ts';

export const ALLOW_VARIABLE = 'LLMOPS_ALLOW_ORIGINS';

/** One entry of LLMOPS_ALLOW_ORIGINS: where keys of the environment may go besides the providers' own servers. */
export interface AllowedPlace {
  /** The only variable that may go there; undefined allows the usual ones of the connection's type, and `LLMOPS_*`. */
  name: string | undefined;
  origin: string;
  /** Of the path that the connection's base URL has to begin with; empty for any. */
  segments: readonly string[];
}

export interface AllowedPlaces {
  places: readonly AllowedPlace[];
  /** Entries that allow nothing, and why. */
  problems: readonly ConfigProblem[];
}

/** Reads `NAME=https://host/path` and `https://host/path`, divided by commas or spaces. */
export function readAllowedPlaces(text: string | undefined): AllowedPlaces {
  const places: AllowedPlace[] = [];
  const problems: ConfigProblem[] = [];
  for (const [index, entry] of (text ?? '')
    // Else `NAME = https://host` would allow the usual variables to go to that host.
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

/** The place of an entry, or why it is none. */
function readEntry(entry: string): AllowedPlace | string {
  const [, name, url = ''] = /^(?:([^=/:?#]*)=)?(.*)$/s.exec(entry) ?? [];
  if (name !== undefined && !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    return 'the text before "=" is not the name of an environment variable';
  }
  const origin = normalizeOrigin(url);
  if (origin === undefined) return 'it is not an http or https URL';
  const { username, password, search, hash, pathname } = new URL(url);
  if (username !== '' || password !== '') return 'it contains a user name or a password';
  if (search !== '' || hash !== '') return 'it contains "?" or "#"';
  // A URL's parser follows these at once, so that the path that is compared would not be the one that was written.
  if (url.includes('*')) return 'it contains "*", which is not a wildcard here';
  if (/(?:^|[\\/])(?:\.|%2e){1,2}(?:[\\/]|$)/i.test(url)) return 'its path contains "." or ".."';
  const segments = pathSegments(pathname);
  if (segments === undefined) return 'its path contains an encoded or double slash, or dots that could lead elsewhere';
  return { name, origin, segments };
}

/** An entry may hold by mistake what is secret. */
function nameEntry(entry: string, index: number): string {
  if (entry.includes('@')) return `Entry ${index + 1}`;
  const shown = createRedactor().redact(entry);
  return `Entry ${index + 1}, ${shown.length > 80 ? `${shown.slice(0, 80)}…` : shown},`;
}

/** True where one of the entries lets a variable go to a base URL. `isUsual` tells of a variable that its type reads keys from. */
export function isAllowed(
  { places }: AllowedPlaces,
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

/** What has to be added for a variable to go to a base URL; undefined where its path cannot be told from another. */
export function entryFor(name: string, baseUrl: string): string | undefined {
  const { origin, pathname } = new URL(baseUrl);
  const segments = pathSegments(pathname);
  if (segments === undefined) return undefined;
  const path = pathname.split('/').slice(1, segments.length + 1);
  // A comma would end the entry, and "*" is refused in one.
  return `${name}=${[origin, ...path].join('/').replaceAll(',', '%2C').replaceAll('*', '%2A')}`;
}

/** Slashes and dots, encoded once or twice; what some servers drop before they look for `..`: parameters and unseen characters. */
const AMBIGUOUS = /[\\/\p{Cc}]|%(?:2f|5c|2e|25)|^\.{1,2}(?:;|$)/iu;

/**
 * The segments of a path, decoded, so that each is compared as a whole. Undefined where a server could read other segments
 * than these: an encoded slash or dot, encoded twice too, or an empty segment.
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
