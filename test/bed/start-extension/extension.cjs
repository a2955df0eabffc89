// What `npm start` shows first: a prompt of the sample, and the walkthrough in front of it. Not by the window's address:
// with files to open in it VS Code opens those at every reload, and restores nothing of what was open.
const vscode = require('vscode');

exports.activate = async ({ workspaceState }) => {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  if (!folder || workspaceState.get('opened')) return;
  await workspaceState.update('opened', true);
  const prompt = vscode.Uri.joinPath(folder.uri, 'prompts', 'churn-analysis.prompt');
  await vscode.window.showTextDocument(prompt, { preview: false });
  await vscode.commands.executeCommand('llmops.walkthrough.open');
  // otherwise the next file that is opened takes its place
  await vscode.commands.executeCommand('workbench.action.keepEditor');
};
