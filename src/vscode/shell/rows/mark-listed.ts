import * as vscode from 'vscode';

/**
 * The first call sets the context key to true: a welcome text for an empty view waits for it. To be called when the view
 * is known to be empty: a key that is set when rows are returned arrives before VS Code has drawn them, and the welcome
 * text appears until it has.
 */
export function markListed(contextKey: string): () => void {
  let marked = false;
  return () => {
    if (marked) return;
    marked = true;
    void vscode.commands.executeCommand('setContext', contextKey, true);
  };
}
