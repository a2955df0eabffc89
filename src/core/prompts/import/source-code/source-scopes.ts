import { readString, skipBalanced } from './source-strings.ts';
import { readValue, type SourceValue } from './source-values.ts';

/** A function of a program: where its names are known, and its parameters with the defaults that are written down. */
export interface Scope {
  start: number;
  end: number;
  name: string | undefined;
  parameters: ReadonlyMap<string, Parameter>;
}

export interface Parameter {
  /** Its default, where it has one. */
  value: SourceValue | undefined;
  /** Its annotation, as `str` in `lang: str = "en"`. */
  type: string | undefined;
}

const PYTHON_FUNCTION = /(?:^|\n)([ \t]*)(?:async[ \t]+)?def[ \t]+([A-Za-z_]\w*)[ \t]*(?:\[[^\]\n]{0,200}\])?\(/g;
const SCRIPT_FUNCTION =
  /(?:\bfunction\b[ \t]*\*?[ \t]*([A-Za-z_$][\w$]*)?|\b(?:const|let|var)[ \t]+([A-Za-z_$][\w$]*)[^=\n;]{0,200}=[ \t]*(?:async\b[ \t]*)?|(?:^|\n)[ \t]*(?:(?:public|private|protected|static|async)[ \t]+)*([A-Za-z_$][\w$]*)[ \t]*)(?:<[^<>()\n]{0,200}>)?\(/g;
const KEYWORDS = new Set('if for while switch catch return function await typeof new super constructor'.split(' '));
/** More than a file of prompts has. */
const MOST_SCOPES = 5_000;
/** Longer than any list of parameters. */
const MOST_PARAMETERS = 5_000;

/** The functions of a program in the order of their starts. */
export function findScopes(source: string, python: boolean): Scope[] {
  return python ? pythonScopes(source) : scriptScopes(source);
}

function pythonScopes(source: string): Scope[] {
  const scopes: Scope[] = [];
  const ends = dedentFinder(source);
  let work = 0;
  for (const match of source.matchAll(PYTHON_FUNCTION)) {
    if (scopes.length >= MOST_SCOPES) break;
    const open = match.index + match[0].length - 1;
    work += Math.min(MOST_PARAMETERS, source.length - open);
    if (work > MOST_WORK) break;
    const close = closing(source, open);
    if (close === undefined) continue;
    const start = match.index + match[0].indexOf('def');
    const parameters = readParameters(source.slice(open + 1, close - 1), true);
    scopes.push({ start, end: ends(close, match[1]?.length ?? 0), name: match[2], parameters });
  }
  return scopes;
}

/** Where a block ends: at the next line that is indented no further than its head. Lines inside of strings are none. */
function dedentFinder(source: string): (from: number, width: number) => number {
  const lines: { at: number; width: number }[] = [];
  for (const at of lineStarts(source)) {
    const width = /^[ \t]{0,400}/.exec(source.slice(at, at + 401))?.[0].length ?? 0;
    const first = source[at + width] ?? '\n';
    if (!/[\s#)\]}]/.test(first)) lines.push({ at, width });
  }
  const starts = lines.map(({ at }) => at);
  return (from, width) => {
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) < from) low = middle + 1;
      else high = middle;
    }
    for (let index = low; index < Math.min(lines.length, low + MOST_LINES); index += 1) {
      const line = lines[index];
      if (line && line.width <= width) return line.at;
    }
    return low + MOST_LINES < lines.length ? (starts[low + MOST_LINES] ?? source.length) : source.length;
  };
}

/** Characters that are read for all functions together. */
const MOST_WORK = 10_000_000;
/** The starts of lines that are in no string of several lines. */
function lineStarts(source: string): number[] {
  const starts = [0];
  const mark = /[#"'\n]/g;
  for (let match = mark.exec(source); match; match = mark.exec(source)) {
    const at = match.index;
    if (match[0] === '\n') starts.push(at + 1);
    else if (match[0] === '#') mark.lastIndex = lineEnd(source, at);
    else mark.lastIndex = readString(source, at, true)?.end ?? at + 1;
  }
  return starts;
}

/** Longer than any function. */
const MOST_LINES = 20_000;
const MOST_BODY = 200_000;

function scriptScopes(source: string): Scope[] {
  const scopes: Scope[] = [];
  let work = 0;
  for (const match of source.matchAll(SCRIPT_FUNCTION)) {
    if (scopes.length >= MOST_SCOPES) break;
    const name = match[1] ?? match[2] ?? match[3];
    if (name !== undefined && KEYWORDS.has(name)) continue;
    const open = match.index + match[0].length - 1;
    const close = closing(source, open);
    work += Math.min(MOST_PARAMETERS, source.length - open);
    if (work > MOST_WORK) break;
    if (close === undefined) continue;
    const body = /^\s{0,20}(?::[^={;\n]{0,200})?(=>)?\s{0,20}(\{)?/.exec(source.slice(close, close + 300));
    if (!body || (body[1] === undefined && body[2] === undefined)) continue;
    const bodyStart = close + body[0].length - (body[2] ? 1 : 0);
    const end = body[2] ? skipBalanced(source.slice(0, bodyStart + MOST_BODY), bodyStart) : lineEnd(source, bodyStart);
    work += end - bodyStart;
    scopes.push({
      start: match.index,
      end,
      name,
      parameters: readParameters(source.slice(open + 1, close - 1), false),
    });
  }
  return scopes;
}

function lineEnd(source: string, from: number): number {
  const end = source.indexOf('\n', from);
  return end < 0 ? source.length : end;
}

/** The offset after the bracket that closes a list of parameters; undefined where it is none. */
function closing(source: string, open: number): number | undefined {
  const part = source.slice(0, open + MOST_PARAMETERS);
  const close = skipBalanced(part, open);
  return source[close - 1] === ')' ? close : undefined;
}

function readParameters(list: string, python: boolean): Map<string, Parameter> {
  const parameters = new Map<string, Parameter>();
  for (const item of splitList(list, python)) {
    const whole = item
      .trim()
      .replace(/^(?:\*{1,2}|\.\.\.)/, '')
      .replace(/^(?:(?:public|private|protected|readonly)\s+)+/, '');
    if (!python && /^\{/.test(whole)) {
      const inner = whole.slice(1, skipBalanced(whole, 0) - 1);
      for (const [name, parameter] of readParameters(inner, false)) parameters.set(name, parameter);
      continue;
    }
    const [, name, annotation] = /^([A-Za-z_$][\w$]*)\??\s{0,20}(?::\s{0,20}([^=]{1,300}))?/.exec(whole) ?? [];
    if (name === undefined) continue;
    const rest = whole.slice((/^([A-Za-z_$][\w$]*)\??\s{0,20}(?::[^=]{1,301})?/.exec(whole)?.[0] ?? '').length);
    const value =
      rest.startsWith('=') && !/^=[=>]/.test(rest) ? readValue({ source: rest.slice(1), python, at: 0 }) : undefined;
    parameters.set(name, { value, type: annotation?.trim() });
  }
  return parameters;
}

/** Splits at commas that are in no bracket and no string. */
function splitList(list: string, python: boolean): string[] {
  const items: string[] = [];
  let start = 0;
  for (let at = 0; at < list.length; ) {
    const character = list[at] ?? '';
    if (character === ',') {
      items.push(list.slice(start, at));
      start = at + 1;
      at += 1;
    } else if (/[([{]/.test(character)) at = skipBalanced(list, at);
    else at = (/["'`]/.test(character) ? readString(list, at, python)?.end : undefined) ?? at + 1;
  }
  items.push(list.slice(start));
  return items;
}

/** The functions around a place, the innermost first. */
export function scopesAround(scopes: readonly Scope[], at: number): Scope[] {
  return scopes.filter(({ start, end }) => start <= at && at < end).reverse();
}
