import * as vscode from 'vscode';

/**
 * The row of a view that has the keyboard focus. VS Code only exposes the selection, so the row is briefly added to the
 * selection, or removed from it, to find out which one it is. Only call this while the view has the focus, because the
 * command acts on the list that had it last.
 */
export async function focusedRow<Node>(view: vscode.TreeView<Node>): Promise<Node | undefined> {
  const before = view.selection;
  await vscode.commands.executeCommand('list.toggleSelection');
  const after = view.selection;
  await vscode.commands.executeCommand('list.toggleSelection');
  return after.find((row) => !before.includes(row)) ?? before.find((row) => !after.includes(row));
}
