import { decodings, findOpenEnd, findSecrets, type TextRange } from './find-secrets.ts';

/** Patterns of well-known keys, for secrets nobody registered: another key that a provider echoes, a pasted header. */
const KEY_PATTERNS: readonly RegExp[] = [
  /\bsk-[A-Za-z0-9_*-]{8,}/g,
  /\bAIza[A-Za-z0-9_-]{20,}/g,
  /\bya29\.[A-Za-z0-9._-]{10,}/g,
  /\bgh[pousr]_[A-Za-z0-9]{20,}/g,
  /\bhf_[A-Za-z0-9]{16,}/g,
  /\bAKIA[A-Z0-9]{16}\b/g,
  /\beyJ[A-Za-z0-9_-]{8,1000}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+/g,
];
const BEARER = /\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi;
const SECRET_HEADER = /authorization|api-?key|token|secret|password|cookie|credential|signature/i;
/** A shorter "secret" would blank out ordinary words. */
const SHORTEST_SECRET = 6;
export const REPLACEMENT = '[removed]';

export interface Redactor {
  /** From now on the value is removed everywhere, also in base64, in any URL encoding and escaped as in JSON. */
  add(secret: string | undefined): void;
  redact(text: string): string;
  /** Removes registered secrets only: for prompts, where a word that merely looks like a key must stay. */
  removeSecrets(text: string): string;
  /** A copy of a JSON-like value with every string (keys too) redacted. */
  redactJson(value: unknown): unknown;
  /** Where a text contains registered secrets, in all these forms. */
  find(text: string): TextRange[];
  /** Where the end of a text may be the beginning of a registered secret; the text's length if nowhere. */
  openEnd(text: string): number;
}

/** True for a header whose value must never be shown, whatever it is. */
export function isSecretHeader(name: string): boolean {
  return SECRET_HEADER.test(name);
}

/** Where a text contains something like a real key: long, with digits among its letters, and not redacted already. */
export function findKeys(text: string): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  for (const pattern of KEY_PATTERNS) {
    for (const { 0: key, index } of text.matchAll(pattern)) {
      const isReal = key.length >= 20 && /\d/.test(key) && /[A-Za-z]/.test(key) && !/\*|(.)\1{5}/.test(key);
      if (isReal) found.push({ start: index, end: index + key.length });
    }
  }
  return found.sort((a, b) => a.start - b.start);
}

/** Removes registered secrets and anything that looks like a key from what is logged, stored or shown. */
export function createRedactor(secrets: Iterable<string | undefined> = []): Redactor {
  let needles: string[] = [];
  const add = (secret: string | undefined) => {
    const trimmed = secret?.trim();
    if (trimmed === undefined || trimmed.length < SHORTEST_SECRET) return;
    needles = [...new Set([...needles, ...formsOf(trimmed)])];
  };
  for (const secret of secrets) add(secret);
  const find = (text: string) => findSecrets(text, needles);
  const removeSecrets = (text: string) => replaceRanges(text, find(text));
  const redact = (text: string) => redactPatterns(removeSecrets(text));
  const openEnd = (text: string) => findOpenEnd(text, needles);
  return { add, redact, removeSecrets, redactJson: (value) => mapStrings(value, redact), find, openEnd };
}

/** A key also occurs inside `Basic` headers, in base64 at any of three offsets; other forms are found by decoding. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  // A text is read with its escapes decoded, so anything in the secret that looks like an escape is decoded as well.
  const forms = [...new Set([secret, encodeURIComponent(secret), ...decodings(secret)])];
  for (const offset of [0, 1, 2]) {
    const shifted = Buffer.concat([Buffer.alloc(offset), bytes]);
    // The characters at both ends mix with neighboring bytes; only the whole ones in between are certain.
    const start = Math.ceil((offset * 8) / 6);
    const end = Math.floor((shifted.length * 8) / 6);
    const middle = shifted.toString('base64').slice(start, end);
    if (middle.length >= SHORTEST_SECRET + 2) {
      forms.push(middle, middle.replaceAll('+', '-').replaceAll('/', '_'));
    }
  }
  return forms;
}

/** The text with a mark in place of each range. */
function replaceRanges(text: string, ranges: readonly TextRange[]): string {
  if (ranges.length === 0) return text;
  let from = 0;
  const kept = ranges.map(({ start, end }) => {
    const before = text.slice(from, start);
    from = end;
    return before + REPLACEMENT;
  });
  return kept.join('') + text.slice(from);
}

function redactPatterns(text: string): string {
  let result = text.replace(BEARER, `$1 ${REPLACEMENT}`);
  for (const pattern of KEY_PATTERNS) result = result.replace(pattern, REPLACEMENT);
  return result;
}

/** A copy of a JSON-like value with every string, keys too, put through a function. */
export function mapStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [change(key), mapStrings(item, change)]));
}
