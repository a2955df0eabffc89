import { asText, type ImportSource, isRecord, readData, stemOf } from './draft.ts';

export interface FoundPrompt {
  label: string | undefined;
  text: string;
}

/** The texts of a configuration's `prompts`, in every form but functions: a list, a map of files to labels, or a file. */
export async function findPrompts(prompts: unknown, source: ImportSource, notes: string[]): Promise<FoundPrompt[]> {
  const found: FoundPrompt[] = [];
  for (const entry of entriesOf(prompts)) found.push(...(await readEntry(entry, source, notes)));
  return found;
}

function entriesOf(prompts: unknown): unknown[] {
  if (Array.isArray(prompts)) return prompts;
  if (isRecord(prompts)) return Object.entries(prompts).map(([id, label]) => ({ id, label }));
  return prompts === undefined ? [] : [prompts];
}

async function readEntry(entry: unknown, source: ImportSource, notes: string[]): Promise<FoundPrompt[]> {
  if (isRecord(entry)) {
    const label = asText(entry.label) ?? asText(entry.display);
    const text = asText(entry.raw) ?? asText(entry.id) ?? asText(entry.content);
    if (text === undefined) {
      notes.push(`A prompt without text (${label ?? Object.keys(entry).join(', ')}) is not carried.`);
      return [];
    }
    const found = await readEntry(text, source, notes);
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
    notes.push(`The pattern ${file} is not followed: import its files by themselves.`);
    return [];
  }
  const text = await source.readFile?.(file);
  if (text === undefined) {
    notes.push(`The prompt file ${file} could not be read: import it by itself.`);
    return [];
  }
  return splitFile(file, text.replaceAll('\r\n', '\n'), { source, notes });
}

function readPlain(text: string, notes: string[]): FoundPrompt[] {
  if (!/^[a-z][a-z\d+-]*:\/\/\S+$/.test(text)) return [{ label: undefined, text }];
  notes.push(`The prompt ${text} is kept by another service: export it there, and import that.`);
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
}

/** A text file holds several prompts where lines of `---` part them, a table one a row, and YAML may list them. */
async function splitFile(file: string, text: string, { source, notes }: Reading): Promise<FoundPrompt[]> {
  const stem = stemOf(file);
  if (/\.csv$/i.test(file)) return readTable(text, stem);
  if (/\.(?:json|ya?ml)$/i.test(file)) {
    const data = readData(text);
    const isList = Array.isArray(data) && data.every((item) => typeof item === 'string' || isEntry(item));
    return isList ? findPrompts(data, source, notes) : [{ label: stem, text: text.trim() }];
  }
  const parts = /\.txt$/i.test(file) ? text.split(/^---[ \t]*$/m).filter((part) => part.trim() !== '') : [text];
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

/** Fields in double quotes may hold commas, line ends, and quotes that are doubled. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n|$)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end === '\n') rows.push([]);
  }
  return rows.filter((row) => row.some((field) => field.trim() !== ''));
}
