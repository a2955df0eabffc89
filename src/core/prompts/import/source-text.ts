import type { Draft } from './draft.ts';
import { convertJinja } from './jinja.ts';
import { escapeText, joinPieces, type Piece } from './literal-text.ts';
import { convertMustache } from './mustache.ts';
import { convertFormat, expressionPiece, type FormatContext, fStringPiece, hasFormatFields } from './python-format.ts';
import { lookUp, type Program, placeAt, plainValue, resolve } from './source-program.ts';
import type { SourceValue } from './source-values.ts';

/** How a text's placeholders are written; without one the text itself tells. */
export type TextFormat = 'format' | 'jinja2' | 'mustache' | 'literal';

/** Where a text is read from, and the prompt that it is for. */
export interface TextPlace {
  draft: Draft;
  program: Program;
  format?: TextFormat | undefined;
}

/** A value's text as a template. */
export function textOf(given: SourceValue, { draft, program: from, format }: TextPlace): string {
  const { value, program } = resolve(given, from);
  const context = { inputs: draft.inputs, notes: program.notes };
  const place = { draft, program, format };
  switch (value.kind) {
    case 'call':
      return callText(value, place);
    case 'name':
      return convertFormat(`{${value.name.replace(/^(?:self|this)\./, '')}}`, context);
    case 'code':
      return joinPieces([expressionPiece(value.code, context)]);
    case 'literal':
      return String(value.value);
    case 'string':
      return stringText(value, { ...place, format: value.format ? 'format' : format });
    default:
      return '';
  }
}

function callText(value: SourceValue & { kind: 'call' }, { draft, program, format }: TextPlace): string {
  const context = { inputs: draft.inputs, notes: program.notes };
  const [inner] = value.items;
  if (inner && /(?:^|\.)Template$/.test(value.name))
    return dollarText(String(plainValue(inner, program) ?? ''), context);
  const [, name = '', method = ''] = /^(.+)\.(format|strip|trim|replace)$/.exec(value.name) ?? [];
  const base = lookUp(name, program);
  if (base) {
    program.used.add(base);
    return textOf(base.value, {
      draft,
      program: placeAt(program, base),
      format: method === 'format' ? 'format' : format,
    });
  }
  if (inner && /dedent|cleandoc/.test(value.name)) return dedent(textOf(inner, { draft, program, format }));
  return joinPieces([expressionPiece(value.name, context)]);
}

function stringText(
  { parts, fString }: SourceValue & { kind: 'string' },
  { draft, program, format }: TextPlace,
): string {
  const context = { inputs: draft.inputs, notes: program.notes };
  const { python } = program;
  const [only = ''] = parts;
  if (parts.length === 1) return plainText(only, format, context);
  const pieces = parts.map((part, index): Piece => {
    if (index % 2 === 0) {
      const isTemplate = format === 'format' || (!fString && hasFormatFields(part)) || (!python && MUSTACHE.test(part));
      return isTemplate ? { code: plainText(part, format, context) } : { text: part };
    }
    const known = lookUp(part.trim(), program);
    if (known?.value.kind === 'string') {
      program.used.add(known);
      return { code: textOf(known.value, { draft, program: placeAt(program, known), format }) };
    }
    return codePiece(part, python, context);
  });
  return joinPieces(pieces);
}

function codePiece(part: string, python: boolean, context: FormatContext): Piece {
  if (python) return fStringPiece(part, context);
  const code = part.trim().replace(/^this\.(?=[A-Za-z_])/, '');
  return /^[A-Za-z_]\w*(?:\.\w+)*$/.test(code)
    ? { code: convertFormat(`{${code}}`, context) }
    : expressionPiece(code, context);
}

const MUSTACHE = /\{\{\s*[A-Za-z_][\w.]*\s*\}\}/;

function plainText(text: string, format: TextFormat | undefined, context: FormatContext): string {
  if (format === 'literal') return escapeText(text);
  if (format === 'jinja2') return convertJinja(text, context);
  if (format === 'mustache') return convertMustache(text, context);
  if (format === 'format' || hasFormatFields(text)) return convertFormat(text, context);
  return MUSTACHE.test(text) ? convertMustache(text, context) : escapeText(text);
}

/** Python's `string.Template`: `$name`, `${name}`, and `$$` for a dollar. */
function dollarText(text: string, context: FormatContext): string {
  const parts = text.split(/\$(\$|[A-Za-z_]\w*|\{[A-Za-z_]\w*\})/);
  return joinPieces(
    parts.map((part, index): Piece => {
      if (index % 2 === 0) return { text: part };
      return part === '$' ? { text: '$' } : { code: convertFormat(`{${part.replace(/[{}]/g, '')}}`, context) };
    }),
  );
}

function dedent(text: string): string {
  const lines = text.split('\n');
  const widths = lines.filter((line) => line.trim() !== '').map((line) => /^[ \t]*/.exec(line)?.[0].length ?? 0);
  const width = Math.min(...widths);
  if (!Number.isFinite(width)) return text;
  return lines
    .map((line) => line.slice(Math.min(width, line.length)))
    .join('\n')
    .trim();
}
