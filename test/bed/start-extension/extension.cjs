// What `npm start` shows first: a prompt of the sample, and the walkthrough in front of it. Not in the window's address:
// VS Code opens files in the address at every reload, and then restores nothing else.
const vscode = require('vscode');

exports.activate = async ({ workspaceState }) => {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  if (!folder || workspaceState.get('opened')) return;
  await workspaceState.update('opened', true);
  const prompt = vscode.Uri.joinPath(folder.uri, 'prompts', 'churn-analysis.prompt');
  await vscode.window.showTextDocument(prompt, { preview: false });
  await vscode.commands.executeCommand('llmops.walkthrough.open');
  // otherwise the next opened file replaces it
  await vscode.commands.executeCommand('workbench.action.keepEditor');
};
