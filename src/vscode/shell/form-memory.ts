import type * as vscode from 'vscode';
import type { CompareMethods, FormView } from '../../protocol/compare.ts';

export interface FormMemory {
  recall(): FormView;
  remember(change: CompareMethods['form.set']['params']): Promise<void>;
}

const WIDTH = 'form.width';

/**
 * How the form of a prompt was last shown. Stored by VS Code for the workspace, because it is not part of any history.
 */
export function formMemory(state: vscode.Memento, prompt: vscode.Uri): FormMemory {
  const foldedKey = `form.folded:${prompt.toString()}`;
  return {
    recall: () => ({ folded: state.get<boolean>(foldedKey) === true, width: state.get<number>(WIDTH) }),
    async remember({ folded, width }) {
      // An expanded form and the default width need no entry.
      if (folded !== undefined) await state.update(foldedKey, folded || undefined);
      if (width !== undefined) await state.update(WIDTH, width ?? undefined);
    },
  };
}
