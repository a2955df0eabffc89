import * as vscode from 'vscode';
import type { PanelFocus, RpcRequest, RunMessage } from '../../../protocol/rpc.ts';
import { CONTEXT_KEYS } from '../../host/contributions.ts';
import { activePanel } from './panel-prompts.ts';

/** The panels that have the focus: at most one, but what two panels report need not arrive in the order it happened. */
const focusedPanels = new Set<vscode.WebviewPanel>();

/** As Ctrl+Enter in the panel in front: what is typed there goes first. */
export function runActivePanel(): void {
  const message: RunMessage = { kind: 'run' };
  void activePanel()?.webview.postMessage(message);
}

/**
 * Keeps the context key for F6, which leaves a panel after its last region. VS Code's own command for that key does
 * not know that a webview is in the editor's part, and would put the focus where it was.
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
  // Hidden behind another one its page is gone, and reports no more.
  panel.onDidChangeViewState(() => !panel.visible && set(false));
  panel.onDidDispose(() => set(false));
}
