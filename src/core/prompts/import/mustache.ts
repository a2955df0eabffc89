import { addInput, type Inputs } from './draft.ts';
import { cleanName, isReserved, pathText } from './template/names.ts';
import type { Piece } from './template/pieces.ts';

export interface MustacheContext {
  inputs: Inputs;
  notes: string[];
  /** True where the origin's double braces escape HTML, as Mustache has it; MLflow and Langfuse put values in as they are. */
  escapes?: boolean;
}

/** Longer than any tag that somebody wrote. */
const MOST_TAG = 1_000;

/** Mustache, and the plain `{{name}}` texts of MLflow and Langfuse; sections become Handlebars' own, which read the same. */
export function convertMustache(text: string, { inputs, notes, escapes = false }: MustacheContext): Piece[] {
  const pieces: Piece[] = [];
  const tags: Tags = { inputs, notes, open: [], escaped: false };
  let end = 0;
  for (const tag of scanTags(text)) {
    pieces.push({ text: text.slice(end, tag.start) });
    end = tag.end;
    pieces.push(tagPiece(tag, text.slice(tag.start, tag.end), tags));
  }
  pieces.push({ text: text.slice(end) });
  for (const path of [...tags.open].reverse()) {
    notes.push(`The section \`${path}\` is never closed: its end was put at the end of the text.`);
    pieces.push({ code: `{{/${path}}}` });
  }
  if (escapes && tags.escaped) {
    notes.push(
      'Mustache escapes HTML (&, <, >, ") in double braces, and a template here does not: values are sent as they are.',
    );
  }
  return standaloneLines(pieces);
}

interface FoundTag {
  start: number;
  end: number;
  sign: string;
  name: string;
}

/** The tags of a text in one pass; what is no tag, as `{{ "a": 1 }}`, is left as text. */
function* scanTags(text: string): Generator<FoundTag> {
  for (let at = text.indexOf('{{'); at >= 0; ) {
    const rest = text.slice(at, at + MOST_TAG);
    const match = /^\{\{\{([^{}]*)\}\}\}|^\{\{([^{}]*)\}\}/.exec(rest);
    const inside = match?.[1] ?? match?.[2]?.trim();
    if (!match || inside === undefined) {
      at = text.indexOf('{{', at + 1);
      continue;
    }
    const sign = match[1] === undefined ? (/^[#^/&>!=]/.exec(inside)?.[0] ?? '') : '{';
    const end = at + match[0].length;
    yield { start: at, end, sign, name: inside.slice(sign === '{' ? 0 : sign.length).trim() };
    at = text.indexOf('{{', end);
  }
}

interface Tags {
  inputs: Inputs;
  notes: string[];
  /** Paths of the sections that are open. */
  open: string[];
  /** True where the origin would escape a value. */
  escaped: boolean;
}

function tagPiece({ sign, name }: FoundTag, whole: string, tags: Tags): Piece {
  if (sign === '!') return comment(name);
  if (sign === '>' || sign === '=') {
    const what = sign === '>' ? `The partial \`${name}\`` : `The change of delimiters \`${whole}\``;
    tags.notes.push(`${what} is not carried: it was kept as a comment.`);
    return comment(name);
  }
  if (name === '.') {
    if (sign === '') tags.escaped = true;
    return { code: '{{this}}' };
  }
  if (!/^[\p{L}_][\p{L}\p{N}_. -]*$/u.test(name)) return { text: whole };
  return { code: tagCode(sign, name, tags) };
}

function comment(text: string): Piece {
  return { code: `{{!-- ${text.replaceAll('--}}', '-- }}').replace(/-+$/, '')} --}}` };
}

/** Deeper than anybody nests sections. */
const MOST_DEPTH = 200;

function tagCode(sign: string, name: string, tags: Tags): string {
  const { inputs, notes, open } = tags;
  if (sign === '/') return `{{/${open.pop() ?? name}}}`;
  const [head = '', ...rest] = name.split('.');
  const clean = cleanName(head);
  if (clean !== head) notes.push(`The variable \`${head}\` is called \`${clean}\` now.`);
  const path = pathText([clean, ...rest]);
  if (isReserved(clean) && open.length > 0)
    notes.push(`\`${name}\` inside of a section is read from its element alone.`);
  const isSection = sign === '#' || sign === '^';
  // Inside a section a name may be the element's or the input's: only names outside are inputs for certain.
  if (open.length === 0) {
    addInput(inputs, clean, isSection ? { type: 'any', optional: true } : rest.length > 0 ? { type: 'any' } : {});
  }
  if (!isSection) {
    if (sign === '') tags.escaped = true;
    return `{{${path}}}`;
  }
  if (open.length >= MOST_DEPTH) throw new RangeError('The sections are nested too deeply.');
  open.push(path);
  return `{{${sign}${path}}}`;
}

/** A section's tag or a comment that is alone on its line takes the line with it, in Mustache as in Handlebars. */
function standaloneLines(pieces: readonly Piece[]): Piece[] {
  const texts = pieces.map((piece) => ('text' in piece ? piece.text : ''));
  const isBlock = (piece: Piece | undefined) => piece && 'code' in piece && /^\{\{[#^/!]/.test(piece.code);
  return pieces.map((piece, index): Piece => {
    if (!('text' in piece)) return piece;
    let { text } = piece;
    const alone = (at: number) => isBlock(pieces[at]) && isAlone(texts, at);
    if (alone(index - 1)) text = text.replace(/^[ \t]*\n?/, '');
    if (alone(index + 1)) text = text.replace(/(?<![ \t])[ \t]+$/, '');
    return { text, raw: piece.text };
  });
}

function isAlone(texts: readonly string[], at: number): boolean {
  const before = texts[at - 1] ?? '';
  const after = texts[at + 1] ?? '';
  const opens = at <= 1 ? /(?:^|\n)[ \t]*$/ : /\n[ \t]*$/;
  const closes = at >= texts.length - 2 ? /^[ \t]*(?:\n|$)/ : /^[ \t]*\n/;
  return opens.test(before.slice(-200)) && closes.test(after.slice(0, 200));
}
