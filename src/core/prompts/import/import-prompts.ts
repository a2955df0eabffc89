import { UserError } from '../../base/errors.ts';
import { type Drafts, fileName, type ImportResult, type ImportSource, isRecord, readData } from './draft.ts';
import { writeDraft } from './write-draft.ts';

export const IMPORT_FORMATS = [
  'prompty',
  'promptfoo',
  'openai',
  'source',
  'format',
  'langchain',
  'mlflow',
  'langfuse',
] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

export interface ImportOptions {
  /** What the file is; without it the name and the content tell. */
  format?: ImportFormat | undefined;
  readFile?: ImportSource['readFile'];
}

/**
 * Turns a file of another tool into `.prompt` files: their names without the ending, and their texts. Throws UserError
 * where the file holds no prompt that could be read.
 */
export async function importPrompts(
  path: string,
  text: string,
  { format = detectFormat(path, text), readFile }: ImportOptions = {},
): Promise<ImportResult> {
  const { drafts, notes } = await readers[format]({
    path,
    text: text.replace(/^\ufeff/, '').replaceAll('\r\n', '\n'),
    readFile,
  });
  const kept = drafts.filter(({ messages }) => messages.some(({ text, history }) => history || text.trim() !== ''));
  if (kept.length === 0) {
    throw new UserError(`No prompt was found in ${path} (read as ${format}).`, {
      code: 'usage',
      hint: [...new Set(notes), `Name what it is if this is wrong: ${IMPORT_FORMATS.join(', ')}.`].join(' '),
    });
  }
  const taken = new Set<string>();
  const prompts = kept.map((draft) => {
    let name = fileName(draft.name);
    for (let count = 2; taken.has(name); count += 1) name = `${fileName(draft.name)}-${count}`;
    taken.add(name);
    return { name, text: writeDraft({ ...draft, name }) };
  });
  return { prompts, notes: [...new Set(notes)] };
}

const readers: Record<ImportFormat, (source: ImportSource) => Promise<Drafts> | Drafts> = {
  prompty: async (source) => (await import('./prompty.ts')).importPrompty(source),
  promptfoo: async (source) => (await import('./promptfoo.ts')).importPromptfoo(source),
  openai: async (source) => (await import('./openai-chat.ts')).importOpenAiChat(source),
  source: async (source) => (await import('./source-code.ts')).importSourceCode(source),
  format: async (source) => (await import('./format-text.ts')).importFormatText(source),
  langchain: async (source) => (await import('./langchain.ts')).importLangChain(source),
  mlflow: async (source) => (await import('./stored-prompt.ts')).importMlflow(source),
  langfuse: async (source) => (await import('./stored-prompt.ts')).importLangfuse(source),
};

/** What a file most likely is, by its ending and then by the keys that only one tool writes. */
export function detectFormat(path: string, text: string): ImportFormat {
  if (/\.prompty$/i.test(path)) return 'prompty';
  if (/\.(?:py|ipynb|[cm]?[jt]sx?)$/i.test(path)) return 'source';
  const data = /\.(?:json|ya?ml|jsonl)$/i.test(path) || /^\s*[[{]/.test(text) ? readData(text) : undefined;
  if (/\.jsonl$/i.test(path)) return 'openai';
  if (Array.isArray(data)) return data.some((item) => isRecord(item) && 'prompt' in item) ? 'langfuse' : 'openai';
  if (isRecord(data)) return formatOfKeys(data);
  return /(?<!\{)\{\{\s*[A-Za-z_][\w.]*\s*\}\}(?!\})/.test(text) ? 'mlflow' : 'format';
}

function formatOfKeys(data: Record<string, unknown>): ImportFormat {
  if ('prompts' in data) return 'promptfoo';
  if ('messages' in data && !('_type' in data)) return 'openai';
  if ('input' in data && 'model' in data) return 'openai';
  if ('body' in data && isRecord(data.body)) return 'openai';
  if ('prompt' in data || (Array.isArray(data.data) && data.data.some((item) => isRecord(item) && 'prompt' in item)))
    return 'langfuse';
  if ('_type' in data || 'lc' in data || 'input_variables' in data) return 'langchain';
  return 'template' in data || 'prompt_version' in data ? 'mlflow' : 'langchain';
}
