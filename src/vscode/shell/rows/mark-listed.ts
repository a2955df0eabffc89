import * as vscode from 'vscode';

/**
 * The first call sets the context key to true. The welcome text of an empty view waits for it. Call it only once the view
 * is known to be empty: VS Code gets the key before it has drawn the rows, and shows the welcome text in between.
 */
export function markListed(contextKey: string): () => void {
  let marked = false;
  return () => {
    if (marked) return;
    marked = true;
    void vscode.commands.executeCommand('setContext', contextKey, true);
  };
}
