import * as vscode from 'vscode';

/**
 * Another window, or the command line, writes into the same database. Its files change with every transaction, so the
 * listener has to be cheap.
 */
export function watchDatabase(onChange: () => void): vscode.Disposable {
  const watcher = vscode.workspace.createFileSystemWatcher('**/.llmops/llmops.db{,-wal}');
  return vscode.Disposable.from(
    watcher,
    watcher.onDidCreate(onChange),
    watcher.onDidChange(onChange),
    watcher.onDidDelete(onChange),
  );
}
