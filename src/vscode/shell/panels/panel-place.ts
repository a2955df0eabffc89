import * as vscode from 'vscode';

/**
 * Beside the editor; but in the editor's own group where that stands at the side already (beside another Compare
 * panel, say), because a third group would leave too little room to each.
 */
export function panelColumn(): vscode.ViewColumn {
  const { all, activeTabGroup } = vscode.window.tabGroups;
  const last = Math.max(...all.map(({ viewColumn }) => viewColumn));
  return all.length > 1 && activeTabGroup.viewColumn === last ? activeTabGroup.viewColumn : vscode.ViewColumn.Beside;
}

/** A group's size in VS Code's own layout commands: a share, and the groups within it. */
interface Layout {
  orientation: 0 | 1;
  groups: { size?: number; groups?: unknown[] }[];
}

const PANEL_SHARE = 0.6;

/** Columns need more room than the prompt does. Only for a panel whose group is new: a layout of the user's own stays. */
export async function widenPanel(): Promise<void> {
  const layout = await vscode.commands.executeCommand<Layout>('vscode.getEditorLayout');
  if (layout.orientation !== 0 || layout.groups.length !== 2 || layout.groups.some(({ groups }) => groups)) return;
  const groups = [{ size: 1 - PANEL_SHARE }, { size: PANEL_SHARE }];
  await vscode.commands.executeCommand('vscode.setEditorLayout', { orientation: 0, groups });
}
