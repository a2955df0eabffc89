import { detectDialect } from '../../datasets/csv-delimiter.ts';
import type { Range } from '../../prompts/prompt.ts';

/** A key of a dataset's rows, by its parent keys; lists are skipped. */
interface DatasetKey {
  names: string[];
  range: Range;
}

/** The names of a dataset's columns or its rows' keys, each place of one. Of broken text, what can be read. */
export function datasetNames(path: string, text: string): { name: string; range: Range }[] {
  return [...datasetKeys(path, text)].flatMap(({ names, range }) =>
    names.length === 1 ? [{ name: names[0] ?? '', range }] : [],
  );
}

/** Every place where a dataset contains one key, `['items', 'name']` in `{"items": [{"name": 1}]}`. */
export function datasetPlaces(path: string, text: string, names: readonly string[]): Range[] {
  const last = names.at(-1);
  if (last === undefined || !text.includes(last)) return [];
  const places: Range[] = [];
  for (const key of datasetKeys(path, text)) {
    if (key.names.length === names.length && key.names.every((name, at) => name === names[at])) places.push(key.range);
  }
  return places;
}

function* datasetKeys(path: string, text: string): Generator<DatasetKey> {
  if (!/\.[ct]sv$/i.test(path)) yield* rowKeys(text);
  else for (const { name, range } of csvHeader(path, text)) yield { names: [name], range };
}

/** Enough of a table to detect the column separator. */
const SAMPLE = 64 * 1024;

function csvHeader(path: string, text: string): { name: string; range: Range }[] {
  const names: { name: string; range: Range }[] = [];
  const mark = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const beginning = text.slice(mark, SAMPLE);
  const isTabbed = /\.tsv$/i.test(path);
  const { delimiter, length } = detectDialect(beginning, { isWhole: text.length <= SAMPLE, isTabbed });
  let at = mark + length;
  const field = new RegExp(`"((?:[^"]|"")*)"|([^\\u{${delimiter.codePointAt(0)?.toString(16)}}\\r\\n]*)`, 'uy');
  for (;;) {
    field.lastIndex = at;
    const found = field.exec(text);
    const written = found?.[1] ?? found?.[2] ?? '';
    const start = at + (found?.[1] === undefined ? written.length - written.trimStart().length : 1);
    const name = written.replaceAll('""', '"').trim();
    if (name !== '') names.push({ name, range: { start, end: start + written.trim().length } });
    at = field.lastIndex;
    if (text[at] !== delimiter) return names;
    at += 1;
  }
}

const TOKEN = /"((?:[^"\\\n]|\\.)*)"|[{}[\]]/g;

/** Keys of a JSONL file's lines, or of the objects in a JSON file's list. */
function* rowKeys(text: string): Generator<DatasetKey> {
  const open: string[] = [];
  /** The key last read in each open object. */
  let keys: string[] = [];
  let objects = 0;
  for (const token of text.matchAll(TOKEN)) {
    const [whole, content] = token;
    if (content === undefined) {
      if (whole === '{' || whole === '[') open.push(whole);
      else open.pop();
      objects = open.filter((bracket) => bracket === '{').length;
      continue;
    }
    const end = token.index + whole.length;
    if (open.at(-1) !== '{' || !/^\s*:/.test(text.slice(end, end + 20))) continue;
    keys = [...keys.slice(0, objects - 1), unescapeJson(content)];
    const start = token.index + 1;
    // a row with a missing bracket has keys whose place is unknown
    if (keys.length === objects) yield { names: keys, range: { start, end: start + content.length } };
  }
}

function unescapeJson(content: string): string {
  if (!content.includes('\\')) return content;
  try {
    return String(JSON.parse(`"${content}"`));
  } catch {
    return content;
  }
}
