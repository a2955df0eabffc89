import * as vscode from 'vscode';

type Restore<Deps> = (deps: Deps, panel: vscode.WebviewPanel, state: unknown) => Promise<void>;

/** Restores panels of one kind after a window reload. Their code is only loaded if there is one. */
export function restorePanels<Deps>(
  viewType: string,
  deps: Deps,
  load: () => Promise<Restore<Deps>>,
): vscode.Disposable {
  return vscode.window.registerWebviewPanelSerializer(viewType, {
    deserializeWebviewPanel: async (panel, state: unknown) => (await load())(deps, panel, state),
  });
}
