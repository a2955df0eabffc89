import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { openPrompt, until } from './workspace.ts';

describe('a prompt in the editor', () => {
  it('has lenses to run, to compare and to choose its model, with where the model came from', async () => {
    const document = await openPrompt('prompts/churn-analysis.prompt');
    const lenses = await until(async () => {
      const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        document.uri,
        10,
      );
      return found.length >= 3 ? found : undefined;
    });
    const titles = lenses.map((lens) => lens.command?.title);
    assert.deepEqual(titles, ['$(play) Run', '$(split-horizontal) Compare', 'demo/balanced (from the file)']);
  });

  it('has no diagnostic when it is right', async () => {
    const document = await openPrompt('prompts/churn-analysis.prompt');
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.deepEqual(vscode.languages.getDiagnostics(document.uri), []);
  });

  it('shows a YAML error where it is, and a template error where it is', async () => {
    const content = '---\nmodel: [demo/swift\nconfig: {}\n---\nHello {{name}}\n';
    const broken = await vscode.workspace.openTextDocument({ language: 'dotprompt', content });
    const [yaml] = await diagnosticsOf(broken.uri);
    assert.equal(yaml?.code, 'yaml-syntax');
    assert.equal(yaml?.source, 'LLMOps');

    const template = await vscode.workspace.openTextDocument({
      language: 'dotprompt',
      content: 'One\nTwo {{#if x}}\n',
    });
    const [unclosed] = await diagnosticsOf(template.uri);
    assert.equal(unclosed?.code, 'template-syntax');
    assert.equal(unclosed?.range.start.line, 1);
  });

  it('follows an edit', async () => {
    const document = await vscode.workspace.openTextDocument({ language: 'dotprompt', content: 'Hello {{name' });
    await diagnosticsOf(document.uri);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 12), '}}');
    await vscode.workspace.applyEdit(edit);
    await until(async () => (vscode.languages.getDiagnostics(document.uri).length === 0 ? true : undefined));
  });
});

function diagnosticsOf(uri: vscode.Uri): Promise<vscode.Diagnostic[]> {
  return until(async () => {
    const found = vscode.languages.getDiagnostics(uri);
    return found.length ? found : undefined;
  });
}
