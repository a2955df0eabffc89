import * as vscode from 'vscode';
import { PANELS } from '../host/contributions.ts';
import type { PanelDeps } from '../shell/panel-host.ts';
import { findPromptTarget } from '../shell/prompt-targets.ts';
import { type ErrorLog, registerCommand } from '../shell/run-command.ts';

/**
 * Registers the command of the preview, and restores it after a window reload. It does not need trust, because nothing
 * runs.
 */
export function registerPreview(deps: PanelDeps & { log: ErrorLog }): vscode.Disposable {
  return vscode.Disposable.from(
    registerCommand('llmops.prompt.preview', deps.log, async (target) => {
      const uri = await findPromptTarget(target, 'Open Preview to the Side');
      if (!uri) return;
      const { openPreviewPanel } = await import('./preview-panel.ts');
      await openPreviewPanel(deps, uri);
    }),
    vscode.window.registerWebviewPanelSerializer(PANELS.preview, {
      async deserializeWebviewPanel(panel, state: unknown) {
        const { restorePreviewPanel } = await import('./preview-panel.ts');
        await restorePreviewPanel(deps, panel, state);
      },
    }),
  );
}
