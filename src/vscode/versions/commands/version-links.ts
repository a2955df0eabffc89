import * as vscode from 'vscode';

/** Links that `copyLink` made: they open what they name, and can do nothing else. */
export function registerVersionLinks(): vscode.Disposable {
  return vscode.window.registerUriHandler({
    handleUri(uri) {
      if (uri.path === '/version')
        void vscode.commands.executeCommand('llmops.version.open', decodeURIComponent(uri.query));
    },
  });
}
