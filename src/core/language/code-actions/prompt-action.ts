import type { Diagnostic, Range } from '../../prompts/prompt.ts';
import type { TextEdit } from '../formatting/format-prompt.ts';
import type { AnalyzedPrompt, LanguageWorkspace } from '../syntax/tree.ts';

export interface PromptAction {
  title: string;
  kind: 'quickfix' | 'refactor.extract' | 'refactor.inline' | 'refactor.rewrite';
  edits: TextEdit[];
  /** A file that the action makes, by its absolute path. */
  create?: { path: string; text: string };
  /** How far into the first edit's text a name stands that the user is asked to choose. */
  rename?: number;
  /** What a quick fix mends, and whether it is the one to take without asking. */
  diagnostic?: Diagnostic;
  preferred?: boolean;
}

export interface ActionRequest {
  analyzed: AnalyzedPrompt;
  /** What is selected, or the cursor's place. */
  selection: Range;
  /** Those that touch the selection. */
  diagnostics: readonly Diagnostic[];
  path?: string | undefined;
  workspace?: LanguageWorkspace | undefined;
  /** The first rows of the prompt's dataset, to tell a variable's type from. */
  examples?: readonly Record<string, unknown>[] | undefined;
  /** True where a file of that name must not be made. */
  exists?(path: string): boolean;
}
