import type { Draft, Drafts, ImportSource } from './draft.ts';
import { stemOf } from './draft.ts';
import { convertFormat } from './python-format.ts';

/** A text file with `{name}` fields, as `str.format` reads them. */
export function importFormatText({ path, text }: ImportSource): Drafts {
  const notes: string[] = [];
  const draft: Draft = { name: stemOf(path), inputs: new Map(), messages: [] };
  draft.messages.push({ role: 'user', text: convertFormat(text, { inputs: draft.inputs, notes }) });
  return { drafts: [draft], notes };
}
