import type { Diagnostic, Range } from '../../prompts/prompt.ts';
import type { TextEdit } from '../formatting/format-prompt.ts';
import type { AnalyzedPrompt, LanguageWorkspace } from '../syntax/tree.ts';
import { fixActions } from './fix-actions.ts';
import { rewriteActions } from './rewrite-actions.ts';

export interface PromptAction {
  title: string;
  kind: 'quickfix' | 'refactor.extract' | 'refactor.inline' | 'refactor.rewrite';
  edits: TextEdit[];
  /** A file that the action makes, by its absolute path. */
  create?: { path: string; text: string };
  /** Whether the user is asked for the name of the partial that the first edit inserts. */
  asksName?: boolean;
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

/** Every action for a place of a file: what mends its problems, then what rewrites the selection. */
export function promptActions(request: ActionRequest): PromptAction[] {
  const actions = [
    ...request.diagnostics.flatMap((diagnostic) => fixActions(diagnostic, request)),
    ...rewriteActions(request),
  ];
  return request.analyzed.tree.source.includes('\r\n') ? actions.map(withCarriageReturns) : actions;
}

/** A file keeps the ends of its lines, and a partial made from it has the same. */
function withCarriageReturns(action: PromptAction): PromptAction {
  const end = (text: string) => text.replace(/\r?\n/g, '\r\n');
  const { create } = action;
  const edits = action.edits.map(({ range, text }) => ({ range, text: end(text) }));
  return { ...action, edits, ...(create ? { create: { ...create, text: end(create.text) } } : {}) };
}
