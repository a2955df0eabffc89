import * as vscode from 'vscode';

/** Handles links by `copyLink`. They only open the version that they name. */
export function registerVersionLinks(): vscode.Disposable {
  return vscode.window.registerUriHandler({
    handleUri(uri) {
      if (uri.path === '/version')
        void vscode.commands.executeCommand('llmops.version.open', decodeURIComponent(uri.query));
    },
  });
}
