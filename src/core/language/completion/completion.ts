import type { Range } from '../../prompts/prompt.ts';
import { openTagAt } from '../syntax/open-tag.ts';
import type { AnalyzedPrompt, LanguageModelInfo, LanguageWorkspace } from '../syntax/tree.ts';
import { completeFrontMatter, yamlPlaceAt } from './complete-front-matter.ts';
import { frontMatterSkeleton, templateSnippets } from './complete-snippets.ts';
import { completeTemplate } from './complete-template.ts';

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
  | 'file'
  | 'snippet';

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
  /** What is typed to find the item, where that is not its label. */
  filter?: string;
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
  /** Models of connections that cannot be asked now, such as one without a key; asked for only where `wantsModels` says so. */
  unreadyModels?: readonly LanguageModelInfo[];
  /** The model of a prompt that names none. */
  defaultModel?: string | undefined;
  /** Somebody may have asked for the list: no character that was typed opened it. */
  asked?: boolean | undefined;
}

/** What may stand at an offset. It reads the text before it, so that it works on what is just being typed. */
export function completePrompt(
  prompt: AnalyzedPrompt,
  offset: number,
  context: CompletionContext = {},
): CompletionItem[] {
  const { frontMatter, source, template } = prompt.tree;
  const before = source.slice(source.lastIndexOf('\n', offset - 1) + 1, offset);
  // Enter after any other fence begins a line, and takes no key
  if (/^\ufeff?-+$/.test(before)) return frontMatterSkeleton(prompt, offset);
  if (inFrontMatter(prompt, offset)) return completeFrontMatter(prompt, offset, context);
  const isFence = frontMatter?.fences.some((fence) => fence && fence.start <= offset && offset < fence.end);
  if (isFence || (frontMatter?.header && offset <= frontMatter.header.end)) return [];
  if (openTagAt(source, template.range.start, offset)) return completeTemplate(prompt, offset, context);
  return context.asked ? templateSnippets(prompt, offset) : [];
}

export function inFrontMatter({ tree: { frontMatter } }: AnalyzedPrompt, offset: number): boolean {
  return frontMatter !== undefined && offset >= frontMatter.range.start && offset <= frontMatter.range.end;
}

/** Whether the line up to the offset is where a file's path goes. */
export function wantsFiles(source: string, offset: number): boolean {
  const line = source.slice(source.lastIndexOf('\n', offset - 1) + 1, offset);
  return /^\s*llmops\.dataset\s*:|\burl=["'][^"']*$/.test(line);
}

/** Whether a model is named at the offset. */
export function wantsModels({ tree }: AnalyzedPrompt, offset: number): boolean {
  const range = tree.frontMatter?.range;
  if (!range || offset < range.start || offset > range.end) return false;
  const { parents, key } = yamlPlaceAt(tree.source, range, offset);
  const path = [...parents.filter((name) => name !== '[]'), ...(key === undefined ? [] : [key])].join('.');
  return path === 'model' || path === 'llmops.models';
}
