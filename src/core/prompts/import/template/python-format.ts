import { addInput, expressionName, type Inputs } from '../draft.ts';
import { pathText } from './names.ts';
import type { Piece } from './pieces.ts';

/** One text with `{name}` fields: `str.format`, the content of an f-string, LangChain's default. */
export interface FormatContext {
  inputs: Inputs;
  notes: string[];
}

const FIELD = /\{\{|\}\}|\{([^{}]*)\}/g;
const SIMPLE = /^\s*([\p{L}_][\p{L}\p{N}_]*)((?:\.[\p{L}_][\p{L}\p{N}_]*|\[[^[\]]*\])*)\s*(=\s*)?(![rsa])?(:[^}]*)?$/u;
/** Longer than any real field. */
const MOST_FIELD = 1_000;

/** `{name}` becomes `{{name}}`, `{{` a brace. What has no equivalent, such as `{price:.2f}`, is reported in a note. */
export function convertFormat(text: string, context: FormatContext): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(FIELD)) {
    pieces.push({ text: text.slice(end, match.index) });
    end = match.index + match[0].length;
    if (match[0] === '{{') pieces.push({ text: '{' });
    else if (match[0] === '}}') pieces.push({ text: '}' });
    else pieces.push(fieldPiece(match[1] ?? '', match[0], context));
  }
  pieces.push({ text: text.slice(end) });
  return pieces;
}

/** True if a text has fields as in `str.format`, and not the double braces of other template languages. */
export function hasFormatFields(text: string): boolean {
  const single = text.match(/(?<!\{)\{[A-Za-z_][\w.[\]]*(?:![rsa])?(?::[^{}\n]*)?\}(?!\})/g) ?? [];
  const double = text.match(/\{\{\s*[A-Za-z_][\w.]*\s*(?:\|[^{}]*)?\}\}/g) ?? [];
  return single.length > 0 && single.length >= double.length;
}

/** The field of an f-string, which contains code: a name with or without a format, or another expression. */
export function fStringPiece(code: string, context: FormatContext): Piece {
  const inside = code.trim().replace(/^(?:self|cls)\.(?=[A-Za-z_])/, '');
  if (inside.length > MOST_FIELD) return expressionPiece(inside, context);
  const own =
    /^[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*|\[(?:\d+|'[^']*'|"[^"]*")\])*\s*(?:=\s*)?(?:![rsa])?(?::[^{}]*)?$/u.test(
      inside,
    );
  if (own) return fieldPiece(inside, `{${code.trim()}}`, context);
  // A colon outside brackets starts the format: `datetime.now():%H:%M`.
  const bare = /^((?:[^()[\]{}:]|\([^()]*\)|\[[^[\]]*\])+):[^:()[\]{}'"]*(?::[^()[\]{}'"]*)*$/.exec(inside)?.[1];
  return expressionPiece(bare ?? inside, context);
}

/** A variable of the caller's by its name. */
export function namePiece(name: string, context: FormatContext): Piece {
  return fieldPiece(name, `{${name}}`, context);
}

function fieldPiece(inside: string, whole: string, { inputs, notes }: FormatContext): Piece {
  const match = inside.length > MOST_FIELD ? null : SIMPLE.exec(inside);
  if (!match) {
    if (/^\s*\d*\s*(?:![rsa])?(?::[^}]*)?$/.test(inside.slice(0, MOST_FIELD))) {
      const name = `input_${/\d+/.exec(inside.split(/[!:]/)[0] ?? '')?.[0] ?? String([...inputs.keys()].length + 1)}`;
      addInput(inputs, name);
      notes.push(`The field \`${whole.slice(0, 100)}\` has no name: it became the input \`${name}\`.`);
      return { code: `{{${name}}}` };
    }
    // JSON in a text, such as `{"a": 1}`, is not meant as a field.
    if (/^\s*["'\n]/.test(inside) || inside.includes('\n')) return { text: whole };
    return expressionPiece(inside, { inputs, notes });
  }
  const [, name = '', rest = '', , conversion, format] = match;
  const steps = [...rest.matchAll(/\.([\p{L}\p{N}_]+)|\[["']?([^[\]"']*)["']?\]/gu)].map(
    (step) => step[1] ?? step[2] ?? '',
  );
  addInput(inputs, name, steps.length > 0 ? { type: 'any' } : {});
  if (conversion || format) notes.push(`The format of \`${whole}\` is not imported: pass the formatted value.`);
  return { code: `{{${pathText([name, ...steps])}}}` };
}

/** Code inside a template literal or an f-string: callers of the prompt compute it and pass it in. */
export function expressionPiece(code: string, { inputs, notes }: FormatContext): Piece {
  const words = code.slice(0, MOST_FIELD).match(/[\p{L}_][\p{L}\p{N}_]*/gu) ?? [];
  const description = `the value of ${oneLine(code)}`;
  const name = expressionName(inputs, words.slice(0, 3), { code, description });
  addInput(inputs, name, { description });
  notes.push(`The expression \`${oneLine(code)}\` cannot run in a template: it became the input \`${name}\`.`);
  return { code: `{{${pathText([name])}}}` };
}

function oneLine(code: string): string {
  const line = code.slice(0, MOST_FIELD).trim().replace(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
}
