import type { Inputs } from '../draft.ts';
import { reportTruth } from './jinja-notes.ts';
import { outputPieces } from './jinja-output.ts';
import { type Conversion, type Engine, scopeOf } from './jinja-paths.ts';
import { type JinjaPart, scanJinja } from './jinja-scan.ts';
import { blockCode, type Tag } from './jinja-tags.ts';
import type { Piece } from './pieces.ts';

interface JinjaContext {
  inputs: Inputs;
  notes: string[];
  /** Jinja2 prints and tests values like Python, Nunjucks like JavaScript. */
  engine?: Engine;
  /** Jinja2 drops the last line break of a template by default. */
  keepLineBreak?: boolean;
}

/** Converts Jinja2 and Nunjucks (Prompty, promptfoo, LangChain). A tag without an equivalent is reported in a note. */
export function convertJinja(text: string, context: JinjaContext): Piece[] {
  const { inputs, notes, engine = 'jinja', keepLineBreak = engine === 'nunjucks' } = context;
  const conversion: Conversion = { inputs, notes, engine, open: [], ...scopeOf() };
  const source = keepLineBreak ? text : text.replace(/\n$/, '');
  const pieces = withoutDefinitions(scanJinja(source), notes).flatMap((part) => partPieces(part, conversion));
  for (const name of conversion.conditions) {
    const details = inputs.get(name);
    if (details && details.type === undefined && details.default === undefined && !conversion.printed.has(name)) {
      // Anything can be true or false: a text, a list, a boolean.
      inputs.set(name, { ...details, type: 'any' });
    }
  }
  reportTruth(conversion);
  for (const block of [...conversion.open].reverse()) {
    notes.push(`A \`${block.keyword}\` is not closed: it was closed at the end of the text.`);
    pieces.push({ code: block.close });
  }
  return pieces;
}

const DEFINITION = /^(?:(macro|call|filter)\b|(set)\s+[\p{L}_][\p{L}\p{N}_]*\s*(?:\||$))/u;

/** The content of a macro is shown where it is called, and that of a `set` block where its name is. */
function withoutDefinitions(parts: readonly JinjaPart[], notes: string[]): JinjaPart[] {
  const kept: JinjaPart[] = [];
  let open:
    | { part: Exclude<JinjaPart, { kind: 'text' }>; keyword: string; depth: number; inside: string[] }
    | undefined;
  for (const part of parts) {
    const keyword = part.kind === 'statement' ? DEFINITION.exec(part.code) : null;
    const name = keyword?.[1] ?? keyword?.[2];
    if (!open) {
      const isDefinition = part.kind === 'statement' && name !== undefined && name !== 'filter';
      if (isDefinition) open = { part, keyword: name, depth: 1, inside: [] };
      else kept.push(part);
      continue;
    }
    if (name === open.keyword) open.depth += 1;
    if (part.kind !== 'statement' || part.code !== `end${open.keyword}` || --open.depth > 0) {
      open.inside.push(sourceOf(part));
      continue;
    }
    const shown = `{% ${open.part.code} %}${open.inside.join('')}{% ${part.code} %}`;
    notes.push(`\`{% ${open.part.code} %}\` and its content have no counterpart and were kept as a comment.`);
    kept.push({ kind: 'comment', code: shown, before: open.part.before, after: part.after });
    open = undefined;
  }
  // An unclosed one is a tag like any other.
  return open ? [...parts] : kept;
}

const sourceOf = (part: JinjaPart): string => {
  if (part.kind === 'text') return part.raw;
  const [start, end] = { output: ['{{', '}}'], statement: ['{%', '%}'], comment: ['{#', '#}'] }[part.kind];
  return `${start} ${part.code} ${end}`;
};

function partPieces(part: JinjaPart, conversion: Conversion): Piece[] {
  if (part.kind === 'text') return [{ text: part.text, raw: part.raw }];
  if (part.kind === 'comment') return [commentPiece(part.code, part)];
  if (part.kind === 'statement') return [statementPiece(part.code, part, conversion)];
  return trimmedPieces(outputPieces(part.code, conversion), part);
}

function statementPiece(tag: string, trims: Trims, conversion: Conversion): Piece {
  const made: Tag = blockCode(tag, conversion);
  if (made !== undefined) return { code: trimmed(made, trims) };
  conversion.notes.push(`\`{% ${tag} %}\` has no counterpart and was kept as a comment.`);
  return commentPiece(`{% ${tag} %}`, trims);
}

interface Trims {
  before: boolean;
  after: boolean;
}

/** A comment without content exists only for its trimming marks. */
function commentPiece(text: string, trims: Trims): Piece {
  if (text === '') return { code: '' };
  const inside = text.replaceAll('--}}', '-- }}').replace(/-+$/, '');
  return { code: trimmed(`{{!-- ${inside} --}}`, trims) };
}

function trimmedPieces(pieces: Piece[], { before, after }: Trims): Piece[] {
  return pieces.map((piece, index) => {
    if (!('code' in piece)) return piece;
    const edges = { before: before && index === 0, after: after && index === pieces.length - 1 };
    return { code: trimmed(piece.code, edges) };
  });
}

function trimmed(code: string, { before, after }: Trims): string {
  const start = before ? code.replace(/^\{\{~?/, '{{~') : code;
  return after ? start.replace(/~?\}\}$/, '~}}') : start;
}
