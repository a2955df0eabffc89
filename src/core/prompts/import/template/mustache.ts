import { addInput, type Inputs } from '../draft.ts';
import { cleanName, isReserved, pathText, rootPath } from './names.ts';
import type { Piece } from './pieces.ts';

interface MustacheContext {
  inputs: Inputs;
  notes: string[];
  /** True if the source's double braces escape HTML, as in Mustache; MLflow and Langfuse insert values unchanged. */
  escapes?: boolean;
}

/** Longer than any real tag. */
const MOST_TAG = 1_000;

/** Mustache, and the plain `{{name}}` texts of MLflow and Langfuse. Handlebars' sections have the same syntax. */
export function convertMustache(text: string, { inputs, notes, escapes = false }: MustacheContext): Piece[] {
  const pieces: Piece[] = [];
  const found = [...scanTags(text)];
  const tags: Tags = { inputs, notes, open: [], escaped: false, ...readSections(found), elements: new Set() };
  let end = 0;
  for (const tag of found) {
    pieces.push({ text: text.slice(end, tag.start) });
    end = tag.end;
    pieces.push(...tagPieces(tag, text.slice(tag.start, tag.end), tags));
  }
  pieces.push({ text: text.slice(end) });
  for (const { path, close } of [...tags.open].reverse()) {
    notes.push(`The section \`${path}\` is not closed: it was closed at the end of the text.`);
    pieces.push({ code: close });
  }
  noteElements(tags);
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

/** The tags of a text in one pass; anything else, such as `{{ "a": 1 }}`, stays text. */
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
  open: OpenSection[];
  /** True if the source would escape a value. */
  escaped: boolean;
  /** Sections that print something else than their own value; the others are plain conditions. */
  loops: ReadonlySet<FoundTag>;
  /** Their names. */
  looped: ReadonlySet<string>;
  /** Names that are used outside every loop. */
  outside: ReadonlySet<string>;
  /** Names that are used only for an element. */
  elements: Set<string>;
}

interface OpenSection {
  path: string;
  close: string;
  /** True if names inside belong to an element. */
  isElement: boolean;
}

/** The kind of each section, determined before any of it is written. */
function readSections(found: readonly FoundTag[]): Pick<Tags, 'loops' | 'looped' | 'outside'> {
  const open: FoundTag[] = [];
  const printed: { name: string; around: FoundTag[] }[] = [];
  const loops = new Set<FoundTag>();
  for (const tag of found) {
    if (tag.sign === '/') open.pop();
    if (tag.sign === '/' || tag.sign === '!' || tag.sign === '>' || tag.sign === '=') continue;
    const around = open.slice(0, MOST_DEPTH);
    printed.push({ name: tag.name, around });
    const isOwn = around.some(({ name }) => name === tag.name);
    if (!isOwn) for (const section of around) if (section.sign === '#') loops.add(section);
    if (tag.sign === '#' || tag.sign === '^') open.push(tag);
  }
  const plain = printed.filter(({ around }) => !around.some((tag) => loops.has(tag)));
  return {
    loops,
    looped: new Set([...loops].map(({ name }) => name)),
    outside: new Set(plain.map(({ name }) => name.split('.')[0] ?? '')),
  };
}

/** Mustache looks up a name in all enclosing contexts, a template here in one. */
function noteElements({ notes, elements }: Tags): void {
  if (elements.size === 0) return;
  const names = [...elements].slice(0, 20).map((name) => `\`${name}\``);
  notes.push(
    `${names.join(', ')} inside a section ${names.length === 1 ? 'is' : 'are'} read only from its element; Mustache also looks outside of it. Names that do not belong to the element must be added to the inputs and written as \`{{@root.name}}\`.`,
  );
}

function tagPieces(tag: FoundTag, whole: string, tags: Tags): Piece[] {
  const { sign, name } = tag;
  const [head = ''] = name.split('.');
  const isValue = sign === '' || sign === '&' || sign === '{';
  const isInside = tags.open.some(({ isElement }) => isElement);
  if (!isValue || !isInside || name === '.' || !NAME.test(name)) return [tagPiece(tag, whole, tags)];
  const known = cleanName(head);
  if (!tags.outside.has(head) && !tags.inputs.has(known)) {
    tags.elements.add(name);
    return [tagPiece(tag, whole, tags)];
  }
  // The element's if it has one, otherwise the input's, as in the source.
  const [, ...rest] = name.split('.');
  addInput(tags.inputs, known, rest.length > 0 ? { type: 'any' } : {});
  const own = tagPiece(tag, whole, tags);
  const root = { code: `{{${rootPath([known, ...rest])}}}` };
  return [{ code: `{{#if ${pathText([known])}}}` }, own, { code: '{{else}}' }, root, { code: '{{/if}}' }];
}

const NAME = /^[\p{L}_][\p{L}\p{N}_. -]*$/u;

function tagPiece(tag: FoundTag, whole: string, tags: Tags): Piece {
  const { sign, name } = tag;
  if (sign === '!') return comment(name);
  if (sign === '>' || sign === '=') {
    const what = sign === '>' ? `The partial \`${name}\`` : `The change of delimiters \`${whole}\``;
    tags.notes.push(`${what} is not imported: it was kept as a comment.`);
    return comment(name);
  }
  if (name === '.') {
    if (sign === '') tags.escaped = true;
    return { code: '{{this}}' };
  }
  if (!NAME.test(name)) return { text: whole };
  return { code: tagCode(tag, tags) };
}

function comment(text: string): Piece {
  return { code: `{{!-- ${text.replaceAll('--}}', '-- }}').replace(/-+$/, '')} --}}` };
}

/** Deeper than anybody nests sections. */
const MOST_DEPTH = 200;

function tagCode(tag: FoundTag, tags: Tags): string {
  const { sign, name } = tag;
  const { inputs, notes, open } = tags;
  if (sign === '/') return open.pop()?.close ?? `{{/${name}}}`;
  const [head = '', ...rest] = name.split('.');
  const clean = cleanName(head);
  if (clean !== head) notes.push(`The variable \`${head}\` is now called \`${clean}\`.`);
  const path = pathText([clean, ...rest]);
  const isInside = open.some(({ isElement }) => isElement);
  if (isReserved(clean) && isInside) notes.push(`\`${name}\` inside a section is read only from its element.`);
  const isSection = sign === '#' || sign === '^';
  // Inside a section a name may belong to the element or the input: only names outside are inputs for certain.
  if (!isInside) {
    addInput(inputs, clean, isSection ? { type: 'any', optional: true } : rest.length > 0 ? { type: 'any' } : {});
  }
  if (!isSection) {
    if (sign === '') tags.escaped = true;
    return `{{${path}}}`;
  }
  if (open.length >= MOST_DEPTH) throw new RangeError('The sections are nested too deeply.');
  // Two sections, one shown if the other is not, must test the same condition.
  const isLoop = sign === '#' ? tags.loops.has(tag) : tags.looped.has(name);
  const helper = isLoop ? undefined : sign === '#' ? 'if' : 'unless';
  open.push({ path, close: `{{/${helper ?? path}}}`, isElement: isLoop && sign === '#' });
  if (helper) return `{{#${helper} ${path}}}`;
  if (sign === '^') return `{{^${path}}}`;
  notes.push(
    `The section \`${path}\`: 0, an empty text and an empty map \`{}\` count as true in a template here, and as false in Mustache.`,
  );
  return `{{#${path}}}`;
}

/** A section's tag or a comment that is alone on its line removes the line, in Mustache as in Handlebars. */
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
