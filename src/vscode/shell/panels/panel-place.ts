import * as vscode from 'vscode';

/**
 * The column beside the editor. If the editor is already in the last group (next to another Compare panel, for
 * example), its own group, because a third group would leave too little room.
 */
export function panelColumn(): vscode.ViewColumn {
  const { all, activeTabGroup } = vscode.window.tabGroups;
  const last = Math.max(...all.map(({ viewColumn }) => viewColumn));
  return all.length > 1 && activeTabGroup.viewColumn === last ? activeTabGroup.viewColumn : vscode.ViewColumn.Beside;
}

/** The layout of VS Code's own commands: sizes are shares, groups can contain groups. */
interface Layout {
  orientation: 0 | 1;
  groups: { size?: number; groups?: unknown[] }[];
}

const PANEL_SHARE = 0.6;

/**
 * Columns need more room than the prompt. Only applies to a panel in a new group, so that a layout by the user is kept.
 */
export async function widenPanel(): Promise<void> {
  const layout = await vscode.commands.executeCommand<Layout>('vscode.getEditorLayout');
  if (layout.orientation !== 0 || layout.groups.length !== 2 || layout.groups.some(({ groups }) => groups)) return;
  const groups = [{ size: 1 - PANEL_SHARE }, { size: PANEL_SHARE }];
  await vscode.commands.executeCommand('vscode.setEditorLayout', { orientation: 0, groups });
}
