import Handlebars from 'handlebars/dist/cjs/handlebars.js';
import { exceedsLimits } from '../../template/template-limits.ts';
import { escapeText, GUARD, isText, mergeTexts, type Piece } from './pieces.ts';

/** A literal text between two tags, with the form in which Handlebars leaves exactly its value. */
interface Literal {
  value: string;
  written: string;
  /** Comments before and after it, which keep an adjacent tag from removing the line. */
  guards: { start: number; end: number };
}

/** More rounds than there are ways to write a literal. */
const MOST_ROUNDS = 8;

/**
 * A template whose literal texts are rendered exactly. Handlebars removes the line of a tag that is alone on it, and
 * the formats that prompts are imported from mostly do not: the template is parsed as it will be, and wherever a text
 * lost something, it gets one more line break, or a comment that renders nothing.
 */
export function exactTemplate(pieces: readonly Piece[]): string {
  const { literals, tags } = alternate(mergeTexts(pieces));
  let template = write(literals, tags);
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const found = parsedTexts(template);
    // A syntax error is reported by every check of the file; there is nothing to compare with.
    if (found?.length !== literals.length) return template;
    const wrong = literals.filter((item, index) => item.value !== found[index]);
    if (wrong.length === 0) return template;
    for (const [index, item] of literals.entries()) if (item.value !== found[index]) correct(item, found[index] ?? '');
    template = write(literals, tags);
  }
  return template;
}

/** Texts and tags in alternation, with a text, perhaps an empty one, before, between and after the tags. */
function alternate(pieces: readonly Piece[]): { literals: Literal[]; tags: string[] } {
  const literals: Literal[] = [newLiteral({ text: '' })];
  const tags: string[] = [];
  for (const piece of pieces) {
    if (isText(piece)) literals[literals.length - 1] = newLiteral(piece);
    else {
      tags.push(piece.code);
      literals.push(newLiteral({ text: '' }));
    }
  }
  return { literals, tags };
}

function newLiteral({ text, raw }: { text: string; raw?: string }): Literal {
  return { value: text, written: raw ?? text, guards: { start: 0, end: 0 } };
}

function correct(item: Literal, found: string): void {
  const { value, guards } = item;
  const edge = (text: string) => ({ start: /^\s*/.exec(text)?.[0], end: text.slice(text.trimEnd().length) });
  const lost = { start: edge(value).start !== edge(found).start, end: edge(value).end !== edge(found).end };
  if (item.written !== value && item.written !== `\n${value}`) item.written = value;
  else if (item.written === value && value.startsWith('\n') && `\n${found}` === value) item.written = `\n${value}`;
  else {
    item.written = value;
    if (lost.start) guards.start += 1;
    if (lost.end || !lost.start) guards.end += 1;
  }
}

/**
 * A brace next to a tag is separated by a space, which the tag's `~` removes again when it renders: `{ {{~name~}} }`
 * gives `{value}`. Handlebars takes one of the backslashes before a tag.
 */
function write(literals: readonly Literal[], tags: readonly string[]): string {
  const parts: string[] = [];
  let tag = '';
  for (const [index, { written, guards }] of literals.entries()) {
    let text = escapeText(written);
    let next = tags[index] ?? '';
    if (index > 0 && guards.start === 0 && text.startsWith('}')) {
      tag = tag.replace(/~?\}\}$/, '~}}');
      text = ` ${text}`;
    }
    if (next !== '' && guards.end === 0) {
      if (text.endsWith('{')) {
        text += ' ';
        next = next.replace(/^\{\{~?/, '{{~');
      } else if (text.endsWith('\\')) text += '\\';
    }
    if (guards.end > 0 && text.endsWith('\\')) text += '\\';
    if (guards.end > 0 && text.endsWith('{')) text += ' {{~!}}';
    parts.push(tag, GUARD.repeat(guards.start), text, GUARD.repeat(guards.end));
    tag = next;
  }
  return parts.join('');
}

/** The texts between the tags of a template as Handlebars would render them; undefined if it cannot be parsed. */
function parsedTexts(template: string): string[] | undefined {
  if (exceedsLimits(template)) return undefined;
  try {
    const texts: string[] = [''];
    collect(Handlebars.parse(template), texts);
    return texts;
  } catch {
    return undefined;
  }
}

type Block = hbs.AST.BlockStatement;

function collect(program: hbs.AST.Program | undefined, texts: string[]): void {
  for (const node of program?.body ?? []) {
    if (node.type === 'ContentStatement') {
      texts[texts.length - 1] += (node as hbs.AST.ContentStatement).value;
    } else if (node.type === 'BlockStatement') {
      texts.push('');
      collectBranches(node as Block, texts);
      texts.push('');
    } else if (node.type !== 'CommentStatement' || (node as hbs.AST.CommentStatement).value !== '') texts.push('');
  }
}

function collectBranches(block: Block, texts: string[]): void {
  collect(block.program, texts);
  if (!block.inverse) return;
  // `{{^name}}` has only the inverse.
  if (block.program) texts.push('');
  const [only] = block.inverse.body;
  const chained = (block.inverse as { chained?: boolean }).chained;
  if (chained && only?.type === 'BlockStatement') collectBranches(only as Block, texts);
  else collect(block.inverse, texts);
}
