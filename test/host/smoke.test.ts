import assert from 'node:assert/strict';
import * as vscode from 'vscode';

const id = 'llmops-workbench.llmops-workbench';

describe('the extension in its host', () => {
  it('is found by VS Code under its published name', () => {
    assert.ok(vscode.extensions.getExtension(id), `${id} is not installed`);
  });

  it('activates without an error', async () => {
    const extension = vscode.extensions.getExtension(id);
    await extension?.activate();
    assert.equal(extension?.isActive, true);
  });

  it('opens a prompt of the workspace in the dotprompt language', async () => {
    const [file] = await vscode.workspace.findFiles('prompts/churn-analysis.prompt');
    assert.ok(file, 'the sample workspace has no prompts/churn-analysis.prompt');
    const document = await vscode.workspace.openTextDocument(file);
    assert.equal(document.languageId, 'dotprompt');
  });
});
