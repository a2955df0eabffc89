import * as vscode from 'vscode';
import type { PanelFocus, RpcRequest, RunMessage } from '../../../protocol/rpc.ts';
import { CONTEXT_KEYS } from '../../host/contributions.ts';
import { activePanel } from './panel-prompts.ts';

/** The focused panels: at most one, but the reports of two panels can arrive in any order. */
const focusedPanels = new Set<vscode.WebviewPanel>();

/** Does the same as Ctrl+Enter in the active panel, which first sends what was typed. */
export function runActivePanel(): void {
  const message: RunMessage = { kind: 'run' };
  void activePanel()?.webview.postMessage(message);
}

/**
 * Sets the context key for F6, which leaves a panel after its last region. VS Code's own command for this key does not
 * know that a webview is in the editor part, and would return the focus to the webview.
 */
export function followPanelFocus(panel: vscode.WebviewPanel): void {
  const set = (isFocused: boolean) => {
    const before = focusedPanels.size > 0;
    if (isFocused) focusedPanels.add(panel);
    else focusedPanels.delete(panel);
    const after = focusedPanels.size > 0;
    if (after !== before) void vscode.commands.executeCommand('setContext', CONTEXT_KEYS.panelFocus, after);
  };
  panel.webview.onDidReceiveMessage((message: RpcRequest | PanelFocus | undefined) => {
    if (message?.kind === 'focus') set(message.focused === true);
  });
  // The page of a hidden panel is unloaded and sends no reports.
  panel.onDidChangeViewState(() => !panel.visible && set(false));
  panel.onDidDispose(() => set(false));
}
