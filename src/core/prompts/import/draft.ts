import { cleanName } from './template/names.ts';
import type { Piece } from './template/pieces.ts';
import { readYamlText } from './yaml-text.ts';

/** The calls of a conversation without a result so far. */
export interface ToolCalls {
  open: { id: string; name: string }[];
  /** Their total number. */
  count: number;
}

/** A prompt being converted from another format: the content of a `.prompt` file, without traces of its source. */
export interface Draft {
  name: string;
  description?: string | undefined;
  /** `connection/model`. */
  model?: string | undefined;
  /** Models to compare by default. */
  models?: string[];
  config?: Record<string, unknown>;
  inputs: Inputs;
  output?: { format: 'json' | 'text'; schema?: unknown } | undefined;
  toolDefs?: Record<string, unknown>[];
  messages: DraftMessage[];
  /** Tool calls still without a result, while the messages are read. */
  calls?: ToolCalls;
  /** Inputs whose values may refer to files of the workspace. */
  media?: string[];
}

export interface DraftMessage {
  role: 'system' | 'user' | 'model' | 'tool';
  /** Texts and tags in alternation. */
  content: Piece[];
  /** The place of earlier turns, instead of a text. */
  history?: boolean;
}

export interface InputDetails {
  /** Picoschema: a type's name, an `enum`'s values, or a map of fields. */
  type?: string | string[] | Record<string, unknown> | undefined;
  array?: boolean;
  optional?: boolean;
  description?: string | undefined;
  default?: unknown;
}
export type Inputs = Map<string, InputDetails>;

export interface ImportedPrompt {
  name: string;
  text: string;
  /** A file next to the prompt for `llmops.dataset`: a row of values that are too long for the prompt's file. */
  dataset?: { name: string; text: string };
}

export interface ImportResult {
  prompts: ImportedPrompt[];
  /** What could not be converted, a sentence each. */
  notes: string[];
}

export interface ImportSource {
  /** Path of the file, for names and messages. */
  path: string;
  text: string;
  /** Reads a file that the source refers to, relative to it; undefined if there is none. */
  readFile?: ((relative: string) => Promise<string | undefined>) | undefined;
}

/** The result of every format's reader. */
export interface Drafts {
  drafts: Draft[];
  notes: string[];
}

export const asText = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value : undefined;

/** Adds new facts about an input; known ones stay. */
export function addInput(inputs: Inputs, name: string, details: InputDetails = {}): void {
  const known = Object.entries({ ...inputs.get(name) }).filter(([, value]) => value !== undefined);
  inputs.set(name, { ...details, ...Object.fromEntries(known) });
}

/** A name for an expression that no template can compute: from its first words, the same for the same expression. */
export function expressionName(
  inputs: Inputs,
  words: readonly string[],
  details: { code: string; description: string },
) {
  const isVariable = words.length === 1 && !/^\s*[\p{L}\p{N}_]+\s*\(/u.test(details.code.slice(0, 1_000));
  const base = cleanName(isVariable ? `${words[0]}_value` : words.join('_') || 'value');
  let name = base;
  for (let count = 2; inputs.has(name) && inputs.get(name)?.description !== details.description; count += 1)
    name = `${base}_${count}`;
  return name;
}

/** A file has one place for earlier turns: of several only the first stays, or each would contain the whole past. */
export function keepOneHistory(draft: Draft, notes: string[]): void {
  const first = draft.messages.findIndex(({ history }) => history);
  const kept = draft.messages.filter(({ history }, index) => !history || index === first);
  if (kept.length < draft.messages.length)
    notes.push('A prompt has only one place for earlier messages, `{{history}}`: only the first was kept.');
  draft.messages = kept;
}

/** JSON or YAML; undefined for anything else. */
export function readData(text: string): unknown {
  // YAML includes JSON, but its parser takes a hundred times as long.
  if (/^\s*[[{"]/.test(text)) {
    try {
      return JSON.parse(text);
    } catch {
      // It may be YAML all the same.
    }
  }
  return readYamlText(text).value;
}

/** On Windows a file with such a name, whatever its extension, is a device. */
const WINDOWS_DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)$/;

/** `Billing/Customer Reply v2` becomes `billing-customer-reply-v2`: a valid file name on every system. */
export function fileName(name: string): string {
  const slug = name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/([a-z\d])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '');
  const short = slug.slice(0, 80) || 'prompt';
  return WINDOWS_DEVICE.test(short) ? `${short}-prompt` : short;
}

/** The file's name without folder and extensions. */
export function stemOf(path: string): string {
  return (path.split(/[\\/]/).at(-1) ?? '').replace(/(\.[A-Za-z]\w*)+$/, '') || 'prompt';
}

const ROLES: Record<string, DraftMessage['role']> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  human: 'user',
  assistant: 'model',
  ai: 'model',
  model: 'model',
  tool: 'tool',
  function: 'tool',
};

/** The format's name for another tool's role; an unknown role becomes the user's, and is reported. */
export function toRole(role: unknown, notes: string[]): DraftMessage['role'] {
  const known = typeof role === 'string' ? ROLES[role.toLowerCase()] : undefined;
  if (!known && role !== undefined)
    notes.push(`The role \`${String(role)}\` is unknown: its text was imported as the user's.`);
  return known ?? 'user';
}
