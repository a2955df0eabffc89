import * as vscode from 'vscode';
import type { Log } from '../../core/base/ports.ts';
import { PANELS } from '../host/contributions.ts';
import type { Workbenches } from '../host/workbenches.ts';

/** Restores panels after a window reload. Their code is only loaded if there is one. */
export function registerLazyComparePanels(deps: {
  extensionUri: vscode.Uri;
  workbenches: Workbenches;
  log: Log;
}): vscode.Disposable {
  return vscode.window.registerWebviewPanelSerializer(PANELS.compare, {
    async deserializeWebviewPanel(panel, state: unknown) {
      const { restoreComparePanel } = await import('./compare-panel.ts');
      await restoreComparePanel(deps, panel, state);
    },
  });
}
