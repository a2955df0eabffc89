import { type Document, isAlias, isCollection, isScalar, visit, type YAMLError } from 'yaml';

/** A YAML error at the place where a person would fix it, in offsets of its text. */
interface YamlError {
  message: string;
  start: number;
  end: number;
}

/** A document's errors, without those that follow from an earlier one: on its lines, or once the parser is lost. */
export function yamlErrors(document: Document, text: string, max: number): YamlError[] {
  const { errors } = document;
  const mistakes: YamlError[] = [];
  let last: { code: string; end: number } | undefined;
  for (const [index, error] of errors.entries()) {
    const [from, to] = error.pos;
    if (last && (error.code === 'UNEXPECTED_TOKEN' || from <= last.end)) {
      if (to - 1 > last.end) last = { ...last, end: lineBreak(text, to - 1) };
      continue;
    }
    // Adjacent lines with the same error are fixed together.
    const isSame = last?.code === error.code && from <= lineBreak(text, last.end + 1);
    if (!isSame) mistakes.push(explain(error, { document, text, next: errors[index + 1] }));
    if (mistakes.length === max) break;
    last = { code: error.code, end: lineBreak(text, Math.max(from, to - 1)) };
  }
  return mistakes;
}

/** The first undefined alias: mostly text that starts with a star. */
export function danglingAlias(document: Document): YamlError | undefined {
  let found: YamlError | undefined;
  const anchors = new Set<string>();
  visit(document, (_, node) => {
    if ((isScalar(node) || isCollection(node)) && node.anchor) anchors.add(node.anchor);
    if (!isAlias(node) || anchors.has(node.source) || !node.range) return undefined;
    const message = `text that starts with \`*\` must be quoted: the alias \`*${node.source}\` is not defined`;
    found = { message, start: node.range[0], end: node.range[1] };
    return visit.BREAK;
  });
  return found;
}

function explain(
  error: YAMLError,
  { document, text, next }: { document: Document; text: string; next: YAMLError | undefined },
): YamlError {
  const [from] = error.pos;
  const rest = { start: from, end: lineEnd(text, from) };
  const word = text.slice(from, rest.end);
  switch (error.code) {
    case 'BLOCK_AS_IMPLICIT_KEY': {
      const isBelow = next?.code === 'MULTILINE_IMPLICIT_KEY' && next.pos[0] === from;
      if (!isBelow) return { message: 'text with a colon followed by a space must be quoted', ...rest };
      const message = 'this line is indented below one that already has a value';
      return { message, ...wholeLine(text, text.indexOf('\n', from) + 1) };
    }
    case 'MULTILINE_IMPLICIT_KEY':
      return { message: withoutColon(word), ...rest };
    case 'BAD_INDENT':
      if (/^Flow/.test(error.message)) break;
      return { message: 'the indentation of this line differs from the lines around it', ...wholeLine(text, from + 1) };
    case 'BAD_SCALAR_START':
      return { message: `text that starts with \`${word.charAt(0)}\` must be quoted`, ...rest };
    case 'TAB_AS_INDENT':
      return { message: 'use spaces for indentation, not tabs', ...rest };
    case 'MISSING_CHAR':
      if (/^Implicit/.test(error.message)) return { message: withoutColon(word), ...rest };
  }
  const alias = danglingAlias(document);
  if (alias && lineBreak(text, alias.start) === lineBreak(text, from)) return alias;
  const open = findOpen(document, text, from);
  if (open === undefined) return { message: error.message, ...rest };
  const start = text[open] ?? '';
  return { message: `the \`${start}\` that begins here is not closed`, start: open, end: lineEnd(text, open) };
}

function withoutColon(line: string): string {
  const tight = /^([^\s:]+):\S/.exec(line)?.[1];
  return tight === undefined
    ? `\`${line.trim()}\` has no colon after it`
    : `the colon after \`${tight}\` must be followed by a space`;
}

/** The innermost unclosed bracket or quote before an offset. */
function findOpen(document: Document, text: string, before: number): number | undefined {
  let open: number | undefined;
  visit(document, (_, node) => {
    const isFlow = isCollection(node) && node.flow === true;
    const isQuoted = isScalar(node) && /^QUOTE/.test(node.type ?? '');
    const [start, end] = ((isFlow || isQuoted) && node.range) || [before, before];
    if (start >= before) return;
    const closing = { '[': ']', '{': '}' }[text[start] ?? ''] ?? text[start];
    if (end >= before - 1 && (end === start + 1 || text[end - 1] !== closing)) open = start;
  });
  return open;
}

/** The end of the line at an offset. */
function lineBreak(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end;
}

function lineEnd(text: string, offset: number): number {
  const line = text.slice(offset, lineBreak(text, offset));
  return offset + Math.max(line.trimEnd().length, Math.min(1, line.length));
}

/** The line at an offset without its indentation. */
function wholeLine(text: string, offset: number): { start: number; end: number } {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const margin = /^\s*/.exec(text.slice(start, lineEnd(text, start)))?.[0].length ?? 0;
  return { start: start + margin, end: lineEnd(text, start) };
}
