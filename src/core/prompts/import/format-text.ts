import { type Draft, type Drafts, type ImportSource, stemOf } from './draft.ts';
import { convertJinja } from './jinja.ts';
import { convertFormat, type FormatContext } from './python-format.ts';

/** A text file with `{name}` fields, as `str.format` reads them. */
export function importFormatText(source: ImportSource): Drafts {
  return importText(source, convertFormat);
}

/** A text file with Jinja2's or Nunjucks' tags. */
export function importJinjaText(source: ImportSource): Drafts {
  return importText(source, convertJinja);
}

function importText({ path, text }: ImportSource, convert: (text: string, context: FormatContext) => string): Drafts {
  const notes: string[] = [];
  const draft: Draft = { name: stemOf(path), inputs: new Map(), messages: [] };
  draft.messages.push({ role: 'user', text: convert(text, { inputs: draft.inputs, notes }) });
  return { drafts: [draft], notes };
}
