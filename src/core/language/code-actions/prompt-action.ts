import type { Diagnostic, Range } from '../../prompts/prompt.ts';
import type { TextEdit } from '../formatting/format-prompt.ts';
import type { AnalyzedPrompt, LanguageWorkspace } from '../syntax/tree.ts';

export interface PromptAction {
  title: string;
  kind: 'quickfix' | 'refactor.extract' | 'refactor.inline' | 'refactor.rewrite';
  edits: TextEdit[];
  /** A file that the action creates, by its absolute path. */
  create?: { path: string; text: string };
  /** Whether to ask for the name of the partial that the first edit inserts. */
  asksName?: boolean;
  /** The diagnostic that a quick fix fixes, and whether it is the preferred one. */
  diagnostic?: Diagnostic;
  preferred?: boolean;
}

export interface ActionRequest {
  analyzed: AnalyzedPrompt;
  /** The selection, or the cursor position. */
  selection: Range;
  /** Those that touch the selection. */
  diagnostics: readonly Diagnostic[];
  path?: string | undefined;
  workspace?: LanguageWorkspace | undefined;
  /** The first rows of the prompt's dataset, to infer a variable's type. */
  examples?: readonly Record<string, unknown>[] | undefined;
  /** True if a file of that name must not be created. */
  exists?(path: string): boolean;
}
