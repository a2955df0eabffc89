import type { Range } from '../prompt.ts';

/** The names of a dataset's columns or its rows' keys, each place where one is written. Broken text gives what it can. */
export function datasetNames(path: string, text: string): { name: string; range: Range }[] {
  return /\.csv$/i.test(path) ? csvHeader(text) : rowKeys(text);
}

function csvHeader(text: string): { name: string; range: Range }[] {
  const names: { name: string; range: Range }[] = [];
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const field = /"((?:[^"]|"")*)"|([^,\r\n]*)/y;
  for (;;) {
    field.lastIndex = at;
    const found = field.exec(text);
    const written = found?.[1] ?? found?.[2] ?? '';
    const start = at + (found?.[1] === undefined ? written.length - written.trimStart().length : 1);
    const name = written.replaceAll('""', '"').trim();
    if (name !== '') names.push({ name, range: { start, end: start + written.trim().length } });
    at = field.lastIndex;
    if (text[at] !== ',') return names;
    at += 1;
  }
}

const TOKEN = /"((?:[^"\\\n]|\\.)*)"|[{}[\]]/g;

/** Keys of the outermost objects: those of a JSONL file's lines, or of the objects in a JSON file's list. */
function rowKeys(text: string): { name: string; range: Range }[] {
  const names: { name: string; range: Range }[] = [];
  let objects = 0;
  const open: string[] = [];
  for (const token of text.matchAll(TOKEN)) {
    const [whole, content] = token;
    if (content === undefined) {
      if (whole === '{' || whole === '[') open.push(whole);
      else open.pop();
      objects = open.filter((bracket) => bracket === '{').length;
      continue;
    }
    const start = token.index + 1;
    const isKey =
      open.at(-1) === '{' && /^\s*:/.test(text.slice(token.index + whole.length, token.index + whole.length + 20));
    if (isKey && objects === 1)
      names.push({ name: unescapeJson(content), range: { start, end: start + content.length } });
  }
  return names;
}

function unescapeJson(content: string): string {
  if (!content.includes('\\')) return content;
  try {
    return String(JSON.parse(`"${content}"`));
  } catch {
    return content;
  }
}
