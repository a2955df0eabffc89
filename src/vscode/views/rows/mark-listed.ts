import * as vscode from 'vscode';

/** Calls set the context key to true, the first of them: a welcome text for an empty view waits for it. */
export function markListed(contextKey: string): () => void {
  let marked = false;
  return () => {
    if (marked) return;
    marked = true;
    void vscode.commands.executeCommand('setContext', contextKey, true);
  };
}
