import * as vscode from 'vscode';
import { PANELS } from '../host/contributions.ts';
import type { PanelDeps } from '../shell/panel-host.ts';
import { restorePanels } from '../shell/panels/restore-panels.ts';
import { findPromptTarget } from '../shell/prompt-targets.ts';
import { type ErrorLog, registerCommand } from '../shell/run-command.ts';

/**
 * Registers the command of the preview, and restores it after a window reload. It does not need trust, because nothing
 * runs.
 */
export function registerPreview(deps: PanelDeps & { log: ErrorLog }): vscode.Disposable {
  const load = () => import('./preview-panel.ts');
  return vscode.Disposable.from(
    registerCommand('llmops.prompt.preview', deps.log, async (target) => {
      const uri = await findPromptTarget(target, 'Open Preview to the Side');
      if (uri) await (await load()).openPreviewPanel(deps, uri);
    }),
    restorePanels(PANELS.preview, deps, async () => (await load()).restorePreviewPanel),
  );
}
