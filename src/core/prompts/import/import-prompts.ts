import { createHash } from 'node:crypto';
import { isRecord } from '../../../shared/is-record.ts';
import { UserError } from '../../base/errors.ts';
import { isJson } from '../../base/json/is-json.ts';
import { exceedsLimits } from '../template/template-limits.ts';
import {
  type Draft,
  type Drafts,
  fileName,
  type ImportedPrompt,
  type ImportResult,
  type ImportSource,
  keepOneHistory,
  readData,
} from './draft.ts';
import { takeLongDefaults } from './long-defaults.ts';
import { refuseAt, refuseUnreadable } from './refuse-unreadable.ts';
import type { ReadSourceOptions } from './source-code/read-source-code.ts';
import { hasContent } from './template/pieces.ts';
import { hasFormatFields } from './template/python-format.ts';
import { writeDraft } from './write-draft.ts';

export const IMPORT_FORMATS = [
  'prompty',
  'promptfoo',
  'openai',
  'source',
  'format',
  'jinja',
  'langchain',
  'mlflow',
  'langfuse',
] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

interface ImportOptions {
  /** The format of the file; by default, detected by name and content. */
  format?: ImportFormat | undefined;
  readFile?: ImportSource['readFile'];
  signal?: AbortSignal | undefined;
  /** The time limit for reading a program; 10 s by default. */
  timeoutMs?: number | undefined;
}

/** Converts a file of another tool into `.prompt` files. Throws UserError if it contains no readable prompt. */
export async function importPrompts(
  path: string,
  text: string,
  { format: given, readFile, signal, timeoutMs }: ImportOptions = {},
): Promise<ImportResult> {
  const plain = text.replace(/^\ufeff/, '').replaceAll('\r\n', '\n');
  refuseUnreadable(path, plain, given);
  const format = given ?? detectFormat(path, plain);
  const { drafts, notes } = await readDrafts(format, { path, text: plain, readFile }, { signal, timeoutMs });
  const usable = drafts.filter(({ messages }) =>
    messages.some(({ content, history }) => history || hasContent(content)),
  );
  if (usable.length === 0) {
    throw new UserError(`No prompt was found in ${path} (read as ${format}).`, {
      code: 'usage',
      hint: [...new Set(notes), `If this is wrong, specify the format: ${IMPORT_FORMATS.join(', ')}.`].join(' '),
    });
  }
  for (const draft of usable) keepOneHistory(draft, notes);
  const prompts = writeDrafts(usable, notes);
  return { prompts, notes: [...new Set(notes)] };
}

/** Makes names unique; of identical prompts with the same name only one stays. */
function writeDrafts(drafts: readonly Draft[], notes: string[]): ImportedPrompt[] {
  const counts = new Map<string, number>();
  const seen = new Set<string>();
  const prompts: ImportedPrompt[] = [];
  for (const full of drafts) {
    const { draft, row } = takeLongDefaults(full);
    const base = fileName(draft.name);
    const rows = row && `${JSON.stringify(row)}\n`;
    const written = writeDraft({ ...draft, name: base }, { dataset: row && `${base}.rows.jsonl` });
    const key = createHash('sha256')
      .update(`${base}\0${written}\0${rows ?? ''}`)
      .digest('base64');
    if (seen.has(key)) continue;
    seen.add(key);
    let name = base;
    while (counts.has(name)) {
      const count = (counts.get(base) ?? 1) + 1;
      counts.set(base, count);
      name = `${base}-${count}`;
    }
    counts.set(name, 1);
    const dataset = rows === undefined ? undefined : { name: `${name}.rows.jsonl`, text: rows };
    const limit = exceedsLimits(written);
    if (limit) notes.push(`${name}.prompt is too large for a template. ${limit}`);
    if (row) noteRow(name, Object.keys(row), notes);
    const text = name === base ? written : writeDraft({ ...draft, name }, { dataset: dataset?.name });
    prompts.push({ name, text, ...(dataset ? { dataset } : {}) });
  }
  return prompts;
}

function noteRow(name: string, inputs: readonly string[], notes: string[]): void {
  const listed = inputs.map((input) => `\`${input}\``).join(', ');
  notes.push(
    `The value of ${listed} is too long for a prompt file: it was written to ${name}.rows.jsonl next to ${name}.prompt. Choose that row as the input.`,
  );
}

async function readDrafts(format: ImportFormat, source: ImportSource, options: ReadSourceOptions): Promise<Drafts> {
  try {
    return await readers[format](source, options);
  } catch (cause) {
    throw cause instanceof RangeError ? refuseAt('is nested too deeply to be read', source, cause) : cause;
  }
}

type Reader = (source: ImportSource, options: ReadSourceOptions) => Promise<Drafts> | Drafts;

const readers: Record<ImportFormat, Reader> = {
  prompty: async (source) => (await import('./prompty/prompty.ts')).importPrompty(source),
  promptfoo: async (source) => (await import('./promptfoo/promptfoo.ts')).importPromptfoo(source),
  openai: async (source) => (await import('./openai-chat.ts')).importOpenAiChat(source),
  source: async (source, options) =>
    (await import('./source-code/read-source-code.ts')).readSourceCode(source, options),
  format: async (source) => (await import('./template/format-text.ts')).importFormatText(source),
  jinja: async (source) => (await import('./template/format-text.ts')).importJinjaText(source),
  langchain: async (source) => (await import('./langchain/langchain.ts')).importLangChain(source),
  mlflow: async (source) => (await import('./stored-prompt.ts')).importMlflow(source),
  langfuse: async (source) => (await import('./stored-prompt.ts')).importLangfuse(source),
};

/** The most likely format of a file, by its extension and then by keys that only one tool writes. */
export function detectFormat(path: string, text: string): ImportFormat {
  if (/\.prompty$/i.test(path)) return 'prompty';
  if (/\.(?:py|ipynb|[cm]?[jt]sx?)$/i.test(path)) return 'source';
  if (/\.jsonl$/i.test(path)) return 'openai';
  const isData = /\.(?:json|ya?ml)$/i.test(path);
  const data = isData || looksLikeData(text) ? readData(text) : undefined;
  if (Array.isArray(data)) return data.some((item) => isRecord(item) && 'prompt' in item) ? 'langfuse' : 'openai';
  const known = isRecord(data) ? formatOfKeys(data) : undefined;
  // To YAML, a text such as `{name}` is a map, too.
  if (known || (isRecord(data) && isData)) return known ?? 'langchain';
  if (/\.(?:j2|jinja2?|njk)$/i.test(path) || /\{%-?\s{0,99}(?:if|for|set|raw)\b|\{\{[^{}|]*\|[^{}]*\}\}/.test(text))
    return 'jinja';
  if (hasFormatFields(text)) return 'format';
  return /(?<!\{)\{\{\s*[A-Za-z_][\w.]*\s*\}\}(?!\})/.test(text) ? 'mlflow' : 'format';
}

/** YAML's parser takes many seconds to reject a long text that only starts like data. */
function looksLikeData(text: string): boolean {
  return /^\s*(?:\[|\{(?![{%#]))/.test(text) && (text.length < 100_000 || isJson(text));
}

function formatOfKeys(data: Record<string, unknown>): ImportFormat | undefined {
  if ('prompts' in data || 'redteam' in data) return 'promptfoo';
  if ('messages' in data && !('_type' in data)) return 'openai';
  if ('input' in data && 'model' in data) return 'openai';
  if ('body' in data && isRecord(data.body)) return 'openai';
  if ('manifest' in data) return 'langchain';
  if ('prompt' in data || (Array.isArray(data.data) && data.data.some((item) => isRecord(item) && 'prompt' in item)))
    return 'langfuse';
  if ('_type' in data || 'lc' in data || 'input_variables' in data) return 'langchain';
  return 'template' in data || 'prompt_version' in data ? 'mlflow' : undefined;
}
