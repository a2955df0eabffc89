import { fixActions } from './fix-actions.ts';
import type { ActionRequest, PromptAction } from './prompt-action.ts';
import { rewriteActions } from './rewrite-actions.ts';

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
