import type { Range } from '../prompt.ts';
import { completeFrontMatter } from './complete-front-matter.ts';
import { completeTemplate } from './complete-template.ts';
import type { AnalyzedPrompt, LanguageWorkspace } from './tree.ts';

export type CompletionKind =
  | 'key'
  | 'value'
  | 'model'
  | 'type'
  | 'variable'
  | 'field'
  | 'data'
  | 'helper'
  | 'block'
  | 'partial'
  | 'role'
  | 'file';

export interface CompletionItem {
  label: string;
  kind: CompletionKind;
  /** One line above the documentation, and beside the label where `brief` is not given. */
  detail?: string;
  /** A few characters beside the label, on every row of the list. */
  brief?: string;
  /** Text for people, shown when the item is looked at. */
  documentation?: string;
  insert: string;
  /** `insert` holds `$1` and `${1:name}`. */
  snippet?: boolean;
  /** What is replaced; the cursor stands inside it. */
  range: Range;
  /** Text that is added behind the item, elsewhere in the file. */
  after?: { range: Range; text: string };
  /** Items of one list are sorted by this first. */
  order?: number;
  /** The list of values should open right after the item was taken. */
  suggestNext?: boolean;
}

export interface CompletionContext {
  path?: string | undefined;
  workspace?: LanguageWorkspace | undefined;
  /** Files that a path may name, relative to the prompt's folder; asked for only where `wantsFiles` says so. */
  files?: readonly string[];
  /** The model of a prompt that names none. */
  defaultModel?: string | undefined;
}

/** What may stand at an offset. It reads the text before it, so that it works on what is just being typed. */
export function completePrompt(
  prompt: AnalyzedPrompt,
  offset: number,
  context: CompletionContext = {},
): CompletionItem[] {
  const { source } = prompt.tree;
  // Enter after a fence begins a line, and takes no key
  if (/^-+$/.test(source.slice(source.lastIndexOf('\n', offset - 1) + 1, offset))) return [];
  return inFrontMatter(prompt, offset)
    ? completeFrontMatter(prompt, offset, context)
    : completeTemplate(prompt, offset, context);
}

export function inFrontMatter({ tree: { frontMatter } }: AnalyzedPrompt, offset: number): boolean {
  return frontMatter !== undefined && offset >= frontMatter.range.start && offset <= frontMatter.range.end;
}

/** Whether the line up to the offset is where a file's path goes. */
export function wantsFiles(source: string, offset: number): boolean {
  const line = source.slice(source.lastIndexOf('\n', offset - 1) + 1, offset);
  return /^\s*llmops\.dataset\s*:|\burl=["'][^"']*$/.test(line);
}
