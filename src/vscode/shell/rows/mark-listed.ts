import * as vscode from 'vscode';

/**
 * Sets the context key to true when all rows were read for the first time and there are none. The welcome text of an
 * empty view waits for it. If there are rows it is never set: VS Code gets the key before it has drawn them, and would
 * show the welcome text in between.
 */
export function markListed(contextKey: string): (rows: readonly unknown[], filter: string | undefined) => void {
  let marked = false;
  return (rows, filter) => {
    if (marked || rows.length > 0 || filter !== undefined) return;
    marked = true;
    void vscode.commands.executeCommand('setContext', contextKey, true);
  };
}
