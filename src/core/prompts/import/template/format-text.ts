import { type Draft, type Drafts, type ImportSource, stemOf } from '../draft.ts';
import { convertJinja } from './jinja.ts';
import type { Piece } from './pieces.ts';
import { convertFormat, type FormatContext } from './python-format.ts';

/** A text file with `{name}` fields, as in `str.format`. */
export function importFormatText(source: ImportSource): Drafts {
  return importText(source, convertFormat);
}

/** A text file with Jinja2's or Nunjucks' tags. */
export function importJinjaText(source: ImportSource): Drafts {
  const engine = /\.njk$/i.test(source.path) ? 'nunjucks' : 'jinja';
  return importText(source, (text, context) => convertJinja(text, { ...context, engine }));
}

function importText({ path, text }: ImportSource, convert: (text: string, context: FormatContext) => Piece[]): Drafts {
  const notes: string[] = [];
  const draft: Draft = { name: stemOf(path), inputs: new Map(), messages: [] };
  draft.messages.push({ role: 'user', content: convert(text, { inputs: draft.inputs, notes }) });
  return { drafts: [draft], notes };
}
