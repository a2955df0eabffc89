import * as vscode from 'vscode';

/**
 * The row of a view that has the keyboard's focus. VS Code tells extensions what is selected, not where the focus is, so it
 * is added to the selection, or taken out of it, for as long as it takes to see which row that was. Only while the view has
 * the focus: the command acts on the list that had it last.
 */
export async function focusedRow<Node>(view: vscode.TreeView<Node>): Promise<Node | undefined> {
  const before = view.selection;
  await vscode.commands.executeCommand('list.toggleSelection');
  const after = view.selection;
  await vscode.commands.executeCommand('list.toggleSelection');
  return after.find((row) => !before.includes(row)) ?? before.find((row) => !after.includes(row));
}
