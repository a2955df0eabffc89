import { createBoundedRegExp } from '../../base/bounded-regexp.ts';
import type { Random } from './demo-random.ts';

/** One piece of a simple regular expression and how often it repeats. */
const PIECE = /\(\?:([^()]*)\)|\(([^()?][^()]*)\)|\[([^\]]+)\]|\\([dwsDWS.\-/+*?^$(){}|[\]\\])|([^\\()[\]|])/y;
const REPEAT = /\{(\d+)(?:,(\d*))?\}|[+*?]/y;

/** A text that matches a pattern as simple as `^[A-Z]{2}-\d{4}$` or `^(low|high)$`; undefined if it finds none. */
export function matchPattern(pattern: string, random: Random): string | undefined {
  let text: string | undefined;
  try {
    text = expand(pattern.replace(/^\^/, '').replace(/(?<!\\)\$$/, ''), random);
    return text !== undefined && createBoundedRegExp(pattern, 'u').test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

function expand(pattern: string, random: Random): string | undefined {
  const options = splitTop(pattern);
  if (options.length > 1) return expand(options[random.int(0, options.length - 1)] ?? '', random);
  let result = '';
  for (let at = 0; at < pattern.length; ) {
    PIECE.lastIndex = at;
    const piece = PIECE.exec(pattern);
    if (!piece) return undefined;
    REPEAT.lastIndex = PIECE.lastIndex;
    const repeat = REPEAT.exec(pattern);
    at = repeat ? REPEAT.lastIndex : PIECE.lastIndex;
    for (let n = timesOf(repeat); n > 0; n -= 1) {
      const part = expandPiece(piece, random);
      if (part === undefined) return undefined;
      result += part;
    }
  }
  return result;
}

function expandPiece([, open, group, set, escaped, plain]: RegExpExecArray, random: Random): string | undefined {
  const inner = open ?? group;
  if (inner !== undefined) return expand(inner, random);
  if (set !== undefined) return pickFrom(set, random);
  if (escaped === 'd') return String(random.int(0, 9));
  if (escaped === 'w') return String.fromCharCode(97 + random.int(0, 25));
  if (escaped === 's') return ' ';
  if (escaped !== undefined) return /[DWS]/.test(escaped) ? '-' : escaped;
  return plain === '.' ? 'x' : plain;
}

function pickFrom(set: string, random: Random): string | undefined {
  if (set.startsWith('^')) return ['x', '0', '-', ' '].find((char) => !new RegExp(`[${set.slice(1)}]`, 'u').test(char));
  const test = new RegExp(`[${set}]`, 'u');
  const all = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).filter((char) =>
    test.test(char),
  );
  return all[random.int(0, Math.max(0, all.length - 1))];
}

function timesOf(repeat: RegExpExecArray | null): number {
  if (!repeat) return 1;
  return repeat[1] === undefined ? 1 : Number(repeat[1]);
}

/** Splits at `|` outside groups and sets. */
function splitTop(pattern: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const [index, char] of [...pattern].entries()) {
    const escaped = pattern[index - 1] === '\\';
    if (!escaped && (char === '(' || char === '[')) depth += 1;
    if (!escaped && (char === ')' || char === ']')) depth -= 1;
    if (char === '|' && depth === 0 && !escaped) parts.push('');
    else parts[parts.length - 1] += char;
  }
  return parts;
}
