import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { openPrompt, until } from './workspace.ts';

const TEMPLATES = ['chat', 'json-extraction', 'classification', 'rag-answer', 'judge'];
describe('writing a prompt', () => {
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  for (const template of TEMPLATES) {
    it(`starts from the template ${template}, unsaved and without diagnostics`, async () => {
      await vscode.commands.executeCommand('llmops.prompt.create', template);
      const document = vscode.window.activeTextEditor?.document;
      assert.equal(document?.languageId, 'dotprompt');
      assert.equal(document?.isUntitled, true);
      assert.match(document?.getText() ?? '', /^---\ndescription: /);
      await new Promise((resolve) => setTimeout(resolve, 400));
      assert.deepEqual(document && vscode.languages.getDiagnostics(document.uri), []);
      await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    });
  }

  it('is previewed beside the editor, which keeps the focus', async () => {
    const document = await openPrompt('prompts/churn-analysis.prompt');
    await vscode.commands.executeCommand('llmops.prompt.preview', document.uri);
    const tab = await until(async () =>
      vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).find(({ label }) => label === 'Preview: churn-analysis'),
    );
    assert.ok(tab.input instanceof vscode.TabInputWebview);
    assert.equal(vscode.window.activeTextEditor?.document, document);
  });
});
