import type { Range } from '../../prompts/prompt.ts';
import type { LanguageModelInfo, LanguageWorkspace } from '../syntax/tree.ts';

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
