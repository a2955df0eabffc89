import { fixActions } from './fix-actions.ts';
import type { ActionRequest, PromptAction } from './prompt-action.ts';
import { rewriteActions } from './rewrite-actions.ts';

/** Every action at a place in a file: fixes for its problems, then refactorings of the selection. */
export function promptActions(request: ActionRequest): PromptAction[] {
  const actions = [
    ...request.diagnostics.flatMap((diagnostic) => fixActions(diagnostic, request)),
    ...rewriteActions(request),
  ];
  return request.analyzed.tree.source.includes('\r\n') ? actions.map(withCarriageReturns) : actions;
}

/** A file keeps its line endings, and a partial extracted from it gets the same. */
function withCarriageReturns(action: PromptAction): PromptAction {
  const end = (text: string) => text.replace(/\r?\n/g, '\r\n');
  const { create } = action;
  const edits = action.edits.map(({ range, text }) => ({ range, text: end(text) }));
  return { ...action, edits, ...(create ? { create: { ...create, text: end(create.text) } } : {}) };
}
