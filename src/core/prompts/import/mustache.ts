import { addInput, type Inputs } from './draft.ts';
import { cleanName, joinPieces, type Piece, pathText } from './literal-text.ts';

const TAG = /\{\{\{\s*([\w.-]+)\s*\}\}\}|\{\{\s*([#^/&>!]?)\s*([^{}]*?)\s*\}\}/g;

/** Mustache, and the plain `{{name}}` texts of MLflow and Langfuse; sections become Handlebars' own, which read the same. */
export function convertMustache(text: string, { inputs, notes }: { inputs: Inputs; notes: string[] }): string {
  const pieces: Piece[] = [];
  const open: string[] = [];
  let end = 0;
  for (const match of text.matchAll(TAG)) {
    pieces.push({ text: text.slice(end, match.index) });
    end = match.index + match[0].length;
    const [whole, raw, sign = '', inside = ''] = match;
    const name = (raw ?? inside).trim();
    if (sign === '!') pieces.push({ code: `{{!-- ${name} --}}` });
    else if (sign === '>') {
      notes.push(`The partial \`${name}\` is not carried: it stands as a comment.`);
      pieces.push({ code: `{{!-- ${name} --}}` });
    } else if (name === '.') pieces.push({ code: '{{this}}' });
    else if (!/^[\p{L}_][\p{L}\p{N}_. -]*$/u.test(name)) pieces.push({ text: whole });
    else pieces.push({ code: tagCode(sign, name, { inputs, notes, open }) });
  }
  pieces.push({ text: text.slice(end) });
  for (const path of open.reverse()) {
    notes.push(`The section \`${path}\` is never closed: its end was put at the end of the text.`);
    pieces.push({ code: `{{/${path}}}` });
  }
  return joinPieces(pieces);
}

interface Tags {
  inputs: Inputs;
  notes: string[];
  /** Paths of the sections that are open. */
  open: string[];
}

function tagCode(sign: string, name: string, { inputs, notes, open }: Tags): string {
  if (sign === '/') return `{{/${open.pop() ?? name}}}`;
  const [head = '', ...rest] = name.split('.');
  const clean = cleanName(head);
  if (clean !== head) notes.push(`The variable \`${head}\` is called \`${clean}\` now.`);
  const path = pathText([clean, ...rest]);
  // Inside a section a name may be the element's or the input's: only names outside are inputs for certain.
  if (open.length === 0) {
    const facts =
      sign === '#' || sign === '^' ? { type: 'any', optional: true } : rest.length > 0 ? { type: 'any' } : {};
    addInput(inputs, clean, facts);
  }
  if (sign === '#' || sign === '^') {
    open.push(path);
    return `{{${sign}${path}}}`;
  }
  return `{{${path}}}`;
}
