import * as vscode from 'vscode';
import type { Log } from '../../core/base/ports.ts';
import { PANELS } from '../host/contributions.ts';
import type { Workbenches } from '../host/workbenches.ts';

/** Panels come back after a window reload; their code is loaded only where one does. */
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
