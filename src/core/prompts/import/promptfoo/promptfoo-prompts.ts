import { parse } from 'csv-parse/sync';
import { isRecord } from '../../../../shared/is-record.ts';
import { asText, type ImportSource, readData, stemOf } from '../draft.ts';
import { readNamedFile } from '../named-files.ts';

interface FoundPrompt {
  label: string | undefined;
  text: string;
}

/** The texts of a configuration's `prompts`, except functions: a list, a map of files to labels, or a file. */
export async function findPrompts(prompts: unknown, source: ImportSource, notes: string[]): Promise<FoundPrompt[]> {
  return findIn(prompts, { source, notes, files: [] });
}

async function findIn(prompts: unknown, reading: Reading): Promise<FoundPrompt[]> {
  const found: FoundPrompt[] = [];
  for (const entry of entriesOf(prompts)) found.push(...(await readEntry(entry, reading)));
  return found;
}

function entriesOf(prompts: unknown): unknown[] {
  if (Array.isArray(prompts)) return prompts;
  if (isRecord(prompts)) return Object.entries(prompts).map(([id, label]) => ({ id, label }));
  return prompts === undefined ? [] : [prompts];
}

async function readEntry(entry: unknown, reading: Reading): Promise<FoundPrompt[]> {
  const { source, notes, files } = reading;
  if (isRecord(entry)) {
    const label = asText(entry.label) ?? asText(entry.display);
    const text = asText(entry.raw) ?? asText(entry.id) ?? asText(entry.content);
    if (text === undefined) {
      notes.push(`A prompt without text (${label ?? Object.keys(entry).join(', ')}) is not imported.`);
      return [];
    }
    if (entry.config !== undefined)
      notes.push(`The \`config\` of the prompt ${label ?? text.slice(0, 40)} is not imported.`);
    const found = await readEntry(text, reading);
    return found.map((item, index) => {
      return { ...item, label: label && found.length > 1 ? `${label}-${index + 1}` : (label ?? item.label) };
    });
  }
  if (typeof entry !== 'string') return [];
  const file = promptFile(entry);
  if (file === undefined) return readPlain(entry, notes);
  if (/\.(?:[cm]?js|[cm]?ts|py|rb|go|sh|exe)(?::[\w.]+)?$/.test(file) || /^exec:/.test(entry)) {
    notes.push(`The prompt function ${file} is not supported: a function cannot become a template.`);
    return [];
  }
  if (/[*?]/.test(file)) {
    notes.push(`The pattern ${file} is not followed: import its files separately.`);
    return [];
  }
  // A list may contain itself, or lists each other.
  if (files.includes(file) || files.length >= MOST_FILES_DEEP) {
    notes.push(`The prompt file ${file} refers to itself through other files: it is read only once.`);
    return [];
  }
  const text = await readNamedFile(source, file, { what: 'The prompt file', notes });
  return text === undefined ? [] : splitFile(file, text, { ...reading, files: [...files, file] });
}

function readPlain(text: string, notes: string[]): FoundPrompt[] {
  if (!/^[a-z][a-z\d+-]*:\/\/\S+$/.test(text)) return [{ label: undefined, text }];
  notes.push(`The prompt ${text} is stored in another service: export it there and import that file.`);
  return [];
}

function promptFile(entry: string): string | undefined {
  if (entry.startsWith('file://')) return entry.slice('file://'.length);
  if (entry.startsWith('exec:')) return entry.slice('exec:'.length).trim();
  return /^[^\s{}]+\.(?:txt|md|json|ya?ml|j2|csv|[cm]?js|[cm]?ts|py)(?::[\w.]+)?$/.test(entry) ? entry : undefined;
}

interface Reading {
  source: ImportSource;
  notes: string[];
  /** The references that led here. */
  files: readonly string[];
}

const MOST_FILES_DEEP = 8;

/** A text file contains several prompts separated by `---` lines, a table one per row, and YAML may list them. */
async function splitFile(file: string, text: string, reading: Reading): Promise<FoundPrompt[]> {
  const stem = stemOf(file);
  if (/\.csv$/i.test(file)) return readTable(text, stem);
  if (/\.(?:json|ya?ml)$/i.test(file)) {
    const data = readData(text);
    const isList = Array.isArray(data) && data.every((item) => typeof item === 'string' || isEntry(item));
    return isList ? findIn(data, reading) : [{ label: stem, text: text.trim() }];
  }
  // promptfoo trims a text file, and sends any other file unchanged.
  if (!/\.txt$/i.test(file)) return [{ label: stem, text }];
  const parts = text.split(/^[ \t]*---[ \t]*$/m).filter((part) => part.trim() !== '');
  return parts.map((part, index) => ({ label: parts.length > 1 ? `${stem}-${index + 1}` : stem, text: part.trim() }));
}

function isEntry(item: unknown): boolean {
  return isRecord(item) && !('role' in item) && ('raw' in item || 'id' in item);
}

function readTable(text: string, stem: string): FoundPrompt[] {
  const [head = [], ...rows] = readCsv(text);
  const names = head.map((name) => name.trim().toLowerCase());
  const column = names.indexOf('prompt');
  const label = names.indexOf('label');
  return (column < 0 ? [head, ...rows] : rows)
    .map((row, index) => ({
      label: row[label]?.trim() || `${stem}-${index + 1}`,
      text: (row[Math.max(column, 0)] ?? '').trim(),
    }))
    .filter(({ text: prompt }) => prompt !== '');
}

/** Fields in double quotes may contain commas, line endings, and doubled quotes. */
function readCsv(text: string): string[][] {
  return parse(text, { relax_column_count: true, relax_quotes: true, skip_records_with_empty_values: true });
}
