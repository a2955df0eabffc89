/** A part of a Jinja2 or Nunjucks template: text as it will be rendered, or the content of a tag. */
export type JinjaPart =
  /** `raw` is the text as written, before adjacent tags trimmed it. */
  | { kind: 'text'; text: string; raw: string }
  | { kind: 'output' | 'statement' | 'comment'; code: string; before: boolean; after: boolean };

/** Longer than any real tag. */
const MOST_TAG = 2_000;
const MOST_COMMENT = 100_000;

const KINDS = { '{{': 'output', '{%': 'statement', '{#': 'comment' } as const;
const CLOSERS = { output: '}}', statement: '%}', comment: '#}' } as const;
type Kind = keyof typeof CLOSERS;

/** Splits a template at its tags, in one pass. An unclosed tag is text. */
export function scanJinja(text: string): JinjaPart[] {
  const parts: JinjaPart[] = [];
  const find = closerFinder(text);
  const endRaw = endRawFinder(text);
  let end = 0;
  for (let at = nextOpening(text, 0); at >= 0; ) {
    const kind: Kind = KINDS[text.slice(at, at + 2) as keyof typeof KINDS];
    const close = find(kind, at + 2);
    if (close < 0) {
      at = nextOpening(text, at + 1);
      continue;
    }
    pushText(parts, text.slice(end, at));
    const tag = readTag(kind, text.slice(at + 2, close));
    end = close + 2;
    if (tag.kind === 'statement' && tag.code === 'raw') end = pushRaw(parts, tag, { text, from: end, endRaw });
    else parts.push(tag);
    at = nextOpening(text, end);
  }
  pushText(parts, text.slice(end));
  return trimTexts(parts);
}

type FindCloser = (kind: Kind, from: number) => number;

/** Finds closing marks from increasing offsets, so that no part of the text is searched twice. */
function closerFinder(text: string): FindCloser {
  const next = {
    output: forwardFinder(text, '}}'),
    statement: forwardFinder(text, '%}'),
    comment: forwardFinder(text, '#}'),
  };
  return (kind, from) => {
    const limit = kind === 'comment' ? MOST_COMMENT : MOST_TAG;
    let close = next[kind](from);
    if (close < 0 || close - from > limit) return -1;
    // The mark may be inside a string: `{{ "}}" }}`.
    for (let tries = 0; kind !== 'comment' && tries < 4 && opensQuote(text.slice(from, close)); tries += 1) {
      const later = indexWithin(text, CLOSERS[kind], { from: close + 2, to: from + MOST_TAG });
      if (later < 0) break;
      close = later;
    }
    return close;
  };
}

/** Finds a mark from increasing offsets, in one pass over the text. */
export function forwardFinder(text: string, mark: string): (from: number) => number {
  let found = -2;
  return (from) => {
    if (found !== -1 && found < from) found = text.indexOf(mark, from);
    return found;
  };
}

function indexWithin(text: string, mark: string, { from, to }: { from: number; to: number }): number {
  const found = text.slice(from, to).indexOf(mark);
  return found < 0 ? -1 : from + found;
}

function opensQuote(code: string): boolean {
  let quote = '';
  for (const character of code) {
    if (quote === character) quote = '';
    else if (quote === '' && (character === '"' || character === "'")) quote = character;
  }
  return quote !== '';
}

function nextOpening(text: string, from: number): number {
  for (let at = text.indexOf('{', from); at >= 0; at = text.indexOf('{', at + 1)) {
    if ('{%#'.includes(text[at + 1] ?? ' ')) return at;
  }
  return -1;
}

function readTag(kind: Kind, inside: string): JinjaPart & { kind: Kind } {
  const sign = /^[-+]/.exec(inside)?.[0] ?? '';
  const rest = inside.slice(sign.length);
  const last = /[-+]$/.exec(rest)?.[0] ?? '';
  const code = rest.slice(0, rest.length - last.length).trim();
  return { kind, code, before: sign === '-', after: last === '-' };
}

/** `{% endraw %}` from an offset on; once missing, it is not searched again. */
function endRawFinder(text: string): (from: number) => RegExpExecArray | null {
  const pattern = /\{%([-+]?)\s{0,9}endraw\s{0,9}([-+]?)%\}/g;
  let isMissing = false;
  return (from) => {
    pattern.lastIndex = from;
    const found = isMissing ? null : pattern.exec(text);
    isMissing = found === null;
    return found;
  };
}

interface RawPlace {
  text: string;
  from: number;
  endRaw: (from: number) => RegExpExecArray | null;
}

/** `{% raw %}` keeps everything before `{% endraw %}`; returns the offset after it. */
function pushRaw(parts: JinjaPart[], open: JinjaPart & { kind: Kind }, { text, from, endRaw }: RawPlace): number {
  const close = endRaw(from);
  if (!close) {
    parts.push(open);
    return from;
  }
  const raw = text.slice(from, close.index);
  const start = open.after ? raw.trimStart() : raw;
  // An empty comment on either side has the marks that trim the adjacent texts.
  parts.push({ kind: 'comment', code: '', before: open.before, after: false });
  pushText(parts, close[1] === '-' ? start.trimEnd() : start);
  parts.push({ kind: 'comment', code: '', before: false, after: close[2] === '-' });
  return close.index + close[0].length;
}

function pushText(parts: JinjaPart[], text: string): void {
  if (text !== '') parts.push({ kind: 'text', text, raw: text });
}

function trimTexts(parts: JinjaPart[]): JinjaPart[] {
  return parts.map((part, index): JinjaPart => {
    if (part.kind !== 'text') return part;
    const [last, next] = [parts[index - 1], parts[index + 1]];
    let { text } = part;
    if (last && last.kind !== 'text' && last.after) text = text.trimStart();
    if (next && next.kind !== 'text' && next.before) text = text.trimEnd();
    return { kind: 'text', text, raw: part.raw };
  });
}
