import type { Draft } from '../draft.ts';
import { convertJinja } from '../template/jinja.ts';
import { convertMustache } from '../template/mustache.ts';
import { literal, mergeTexts, type Piece } from '../template/pieces.ts';
import {
  convertFormat,
  expressionPiece,
  type FormatContext,
  fStringPiece,
  hasFormatFields,
  namePiece,
} from '../template/python-format.ts';
import { lookUp, type Program, placeAt, plainValue, resolve } from './source-program.ts';
import type { SourceValue } from './source-values.ts';

/** The syntax of a text's placeholders; by default, detected from the text. */
export type TextFormat = 'format' | 'jinja2' | 'mustache' | 'literal';

/** The program of a text, and the prompt to fill. */
export interface TextPlace {
  draft: Draft;
  program: Program;
  format?: TextFormat | undefined;
}

/** A value's text as a template. */
export function textOf(given: SourceValue, { draft, program: from, format }: TextPlace): Piece[] {
  const { value, program } = resolve(given, from);
  const context = { inputs: draft.inputs, notes: program.notes };
  const place = { draft, program, format };
  switch (value.kind) {
    case 'call':
      return callText(value, place);
    case 'name':
      return [namePiece(value.name.replace(/^(?:self|this)\./, ''), context)];
    case 'code':
      return [expressionPiece(value.code, context)];
    case 'literal':
      return literal(String(value.value));
    case 'string': {
      const pieces = stringText(value, { ...place, format: value.format ? 'format' : format });
      notePassed(value.passed, place);
      return pieces;
    }
    default:
      return [];
  }
}

/** Literal values passed when a text is formatted are the defaults of its inputs; `x=y` is only another name. */
export function notePassed(passed: ReadonlyMap<string, SourceValue> | undefined, { draft, program }: TextPlace): void {
  for (const [name, value] of passed ?? []) {
    const details = draft.inputs.get(name);
    const plain = plainValue(value, program);
    if (!details || details.default !== undefined) continue;
    if (plain !== undefined && plain !== null) draft.inputs.set(name, { ...details, default: plain });
    else if (value.kind === 'code' || value.kind === 'call') {
      const code = value.kind === 'code' ? value.code : `${value.name}(…)`;
      draft.inputs.set(name, { ...details, description: details.description ?? `the value of ${code.slice(0, 60)}` });
    }
  }
}

function callText(value: SourceValue & { kind: 'call' }, { draft, program, format }: TextPlace): Piece[] {
  const context = { inputs: draft.inputs, notes: program.notes };
  const [inner] = value.items;
  if (inner && /(?:^|\.)Template$/.test(value.name))
    return dollarText(String(plainValue(inner, program) ?? ''), context);
  const [, name = '', method = ''] = /^(.+)\.(format|strip|trim|replace)$/.exec(value.name) ?? [];
  const base = lookUp(name, program);
  if (base) {
    program.used.add(base);
    const pieces = textOf(base.value, {
      draft,
      program: placeAt(program, base),
      format: method === 'format' ? 'format' : method === 'replace' ? undefined : format,
    });
    if (method === 'format') notePassed(value.entries, { draft, program });
    return pieces;
  }
  if (inner && /dedent|cleandoc/.test(value.name)) {
    const kind = program.python && !/cleandoc/.test(value.name) ? 'textwrap' : value.name;
    return dedent(textOf(inner, { draft, program, format }), kind);
  }
  return [expressionPiece(value.name, context)];
}

function stringText(
  { parts, fString }: SourceValue & { kind: 'string' },
  { draft, program, format }: TextPlace,
): Piece[] {
  const context = { inputs: draft.inputs, notes: program.notes };
  const { python } = program;
  const [only = ''] = parts;
  if (parts.length === 1) return plainText(only, format, context);
  return parts.flatMap((part, index): Piece[] => {
    if (index % 2 === 0) {
      const isTemplate = format === 'format' || (!fString && hasFormatFields(part)) || (!python && MUSTACHE.test(part));
      return isTemplate ? plainText(part, format, context) : literal(part);
    }
    const known = lookUp(part.trim(), program);
    if (known?.value.kind === 'string') {
      program.used.add(known);
      return textOf(known.value, { draft, program: placeAt(program, known), format });
    }
    return [codePiece(part, python, context)];
  });
}

function codePiece(part: string, python: boolean, context: FormatContext): Piece {
  if (python) return fStringPiece(part, context);
  const code = part.trim().replace(/^this\.(?=[A-Za-z_])/, '');
  return /^[A-Za-z_]\w*(?:\.\w+)*$/.test(code) ? namePiece(code, context) : expressionPiece(code, context);
}

const MUSTACHE = /\{\{\s*[A-Za-z_][\w.]*\s*\}\}/;

function plainText(text: string, format: TextFormat | undefined, context: FormatContext): Piece[] {
  if (format === 'literal') return literal(text);
  if (format === 'jinja2') return convertJinja(text, context);
  if (format === 'mustache') return convertMustache(text, { ...context, escapes: true });
  if (format === 'format' || hasFormatFields(text)) return convertFormat(text, context);
  return MUSTACHE.test(text) ? convertMustache(text, context) : literal(text);
}

/** Python's `string.Template`: `$name`, `${name}`, and `$$` for a dollar. */
function dollarText(text: string, context: FormatContext): Piece[] {
  const parts = text.split(/\$(\$|[A-Za-z_]\w*|\{[A-Za-z_]\w*\})/);
  return parts.map((part, index): Piece => {
    if (index % 2 === 0) return { text: part };
    return part === '$' ? { text: '$' } : namePiece(part.replace(/[{}]/g, ''), context);
  });
}

/**
 * Removes the indentation that all lines have in common, as `textwrap.dedent` does; `inspect.cleandoc` and JavaScript's
 * dedent drop blank lines at both ends, too. Values count as text that starts no line.
 */
function dedent(pieces: readonly Piece[], name: string): Piece[] {
  const merged = mergeTexts(pieces);
  const mark = '\u0000';
  const whole = merged.map((piece) => ('text' in piece ? piece.text : mark)).join('');
  const lines = whole.split('\n');
  const first = /cleandoc/.test(name) ? lines.shift()?.trimStart() : undefined;
  const filled = lines.filter((line) => line.trim() !== '');
  const margin = filled.map((line) => /^[ \t]*/.exec(line)?.[0] ?? '').reduce(sharedStart, filled[0] ?? '');
  const width = /^[ \t]*/.exec(margin)?.[0].length ?? 0;
  const cut = lines.map((line) => (line.trim() === '' ? '' : line.slice(width)));
  const text = [...(first === undefined ? [] : [first]), ...cut].join('\n');
  const codes = merged.filter((piece) => 'code' in piece);
  const kept = /textwrap/.test(name)
    ? text
    : /cleandoc/.test(name)
      ? text.replace(/^\n+|(?<!\n)\n+$/g, '')
      : text.trim();
  return kept.split(mark).flatMap((part, index): Piece[] => {
    const code = codes[index];
    return [...literal(part), ...(code ? [code] : [])];
  });
}

function sharedStart(a: string, b: string): string {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return a.slice(0, length);
}
