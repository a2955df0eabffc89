import { addInput, type Inputs } from './draft.ts';
import { cleanName, joinPieces, type Piece, pathText } from './literal-text.ts';

/** One text with `{name}` fields: `str.format`, an f-string's inside, LangChain's default. */
export interface FormatContext {
  inputs: Inputs;
  notes: string[];
}

const FIELD = /\{\{|\}\}|\{([^{}]*)\}/g;
const SIMPLE = /^\s*([A-Za-z_]\w*)((?:\.[A-Za-z_]\w*|\[[^[\]]*\])*)\s*(=)?\s*(![rsa])?(:[^}]*)?$/;

/** `{name}` becomes `{{name}}`, `{{` a brace. What no template can say, such as `{price:.2f}`, is told in a note. */
export function convertFormat(text: string, context: FormatContext): string {
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
  return joinPieces(pieces);
}

/** True where a text has fields as `str.format` reads them, and not the double braces of other template languages. */
export function hasFormatFields(text: string): boolean {
  const single = text.match(/(?<!\{)\{[A-Za-z_][\w.[\]]*(?:![rsa])?(?::[^{}\n]*)?\}(?!\})/g) ?? [];
  const double = text.match(/\{\{\s*[A-Za-z_][\w.]*\s*(?:\|[^}]*)?\}\}/g) ?? [];
  return single.length > 0 && single.length >= double.length;
}

/** The field of an f-string, whose inside is code: a name with or without a format, or else an expression. */
export function fStringPiece(code: string, context: FormatContext): Piece {
  const inside = code.trim().replace(/^(?:self|cls)\.(?=[A-Za-z_])/, '');
  const own = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*|\[(?:\d+|'[^']*'|"[^"]*")\])*\s*=?\s*(?:![rsa])?(?::[^{}]*)?$/.test(
    inside,
  );
  if (own) return fieldPiece(inside, `{${code.trim()}}`, context);
  // A colon outside of brackets begins the format: `datetime.now():%H:%M`.
  const bare = /^((?:[^()[\]{}:]|\([^()]*\)|\[[^[\]]*\])+):[^:()[\]{}'"]*(?::[^()[\]{}'"]*)*$/.exec(inside)?.[1];
  return expressionPiece(bare ?? inside, context);
}

function fieldPiece(inside: string, whole: string, { inputs, notes }: FormatContext): Piece {
  const match = SIMPLE.exec(inside);
  if (!match) {
    if (inside.trim() === '' || /^\s*\d+\s*$/.test(inside)) {
      const name = `input_${inside.trim() || String([...inputs.keys()].length + 1)}`;
      addInput(inputs, name);
      notes.push(`The field \`${whole}\` has no name: it became the input \`${name}\`.`);
      return { code: `{{${name}}}` };
    }
    // JSON in a text, such as `{"a": 1}`, is no field that anyone meant.
    if (/^\s*["'\n]/.test(inside) || inside.includes('\n')) return { text: whole };
    return expressionPiece(inside, { inputs, notes });
  }
  const [, name = '', rest = '', , conversion, format] = match;
  const steps = [...rest.matchAll(/\.(\w+)|\[["']?([^[\]"']*)["']?\]/g)].map((step) => step[1] ?? step[2] ?? '');
  addInput(inputs, name, steps.length > 0 ? { type: 'any' } : {});
  if (conversion || format)
    notes.push(`The format of \`${whole}\` is not carried: pass the value as it is to be shown.`);
  return { code: `{{${pathText([name, ...steps])}}}` };
}

/** Code inside a template literal or an f-string: whoever calls the prompt computes it and passes it in. */
export function expressionPiece(code: string, { inputs, notes }: FormatContext): Piece {
  const words = code.match(/[A-Za-z_]\w*/g) ?? [];
  const name = cleanName(words.slice(0, 3).join('_') || 'value');
  addInput(inputs, name, { description: `the value of ${oneLine(code)}` });
  notes.push(`The expression \`${oneLine(code)}\` cannot run in a template: it became the input \`${name}\`.`);
  return { code: `{{${pathText([name])}}}` };
}

function oneLine(code: string): string {
  const line = code.trim().replace(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
}
