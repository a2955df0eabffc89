import type * as vscode from 'vscode';

const prompts = new Map<vscode.WebviewPanel, vscode.Uri>();

/** Commands without a target apply to the prompt of the active panel, as they do to that of the active editor. */
export function rememberPanelPrompt(panel: vscode.WebviewPanel, prompt: vscode.Uri): void {
  prompts.set(panel, prompt);
  panel.onDidDispose(() => prompts.delete(panel));
}

export function activePanelPrompt(): vscode.Uri | undefined {
  const panel = activePanel();
  return panel && prompts.get(panel);
}

export function activePanel(): vscode.WebviewPanel | undefined {
  return [...prompts.keys()].find(({ active }) => active);
}
