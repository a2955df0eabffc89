import * as vscode from 'vscode';
import type { PanelFocus, RpcRequest } from '../../protocol/rpc.ts';
import { CONTEXT_KEYS } from '../contributions.ts';

/**
 * Keeps the context key for F6, which leaves a panel after its last region. VS Code's own command for that key does
 * not know that a webview is in the editor's part, and would put the focus where it was.
 */
export function followPanelFocus(panel: vscode.WebviewPanel): void {
  let hasFocus = false;
  const set = (focused: boolean) => {
    if (focused === hasFocus) return;
    hasFocus = focused;
    void vscode.commands.executeCommand('setContext', CONTEXT_KEYS.panelFocus, focused);
  };
  panel.webview.onDidReceiveMessage((message: RpcRequest | PanelFocus | undefined) => {
    if (message?.kind === 'focus') set(message.focused === true);
  });
  panel.onDidDispose(() => set(false));
}
