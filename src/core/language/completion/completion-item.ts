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
  /** One line above the documentation, and next to the label if `brief` is not set. */
  detail?: string;
  /** A few characters next to the label, on every row of the list. */
  brief?: string;
  /** Documentation, shown for the selected item. */
  documentation?: string;
  insert: string;
  /** `insert` contains `$1` and `${1:name}`. */
  snippet?: boolean;
  /** The replaced range; the cursor is inside it. */
  range: Range;
  /** Additional text elsewhere in the file. */
  after?: { range: Range; text: string };
  /** The text to filter by, if it is not the label. */
  filter?: string;
  /** The primary sort key within one list. */
  order?: number;
  /** The list of values should open directly after accepting the item. */
  suggestNext?: boolean;
}

export interface CompletionContext {
  path?: string | undefined;
  workspace?: LanguageWorkspace | undefined;
  /** Files for a path, relative to the prompt's folder; requested only if `wantsFiles` is true. */
  files?: readonly string[];
  /** Models of connections that cannot be reached, as without a key; requested only if `wantsModels` is true. */
  unreadyModels?: readonly LanguageModelInfo[];
  /** The model of a prompt without a `model` key. */
  defaultModel?: string | undefined;
  /** Completion was invoked explicitly, not by a typed character. */
  isExplicit?: boolean | undefined;
}
