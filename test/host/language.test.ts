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
    assert.equal(codeOf(yaml), 'yaml-syntax');
    assert.equal(yaml?.source, 'LLMOps');

    const template = await vscode.workspace.openTextDocument({
      language: 'dotprompt',
      content: 'One\nTwo {{#if x}}\n',
    });
    const [unclosed] = await diagnosticsOf(template.uri);
    assert.equal(codeOf(unclosed), 'template-syntax');
    assert.equal(unclosed?.range.start.line, 1);
  });

  it('explains each diagnostic on a page that is there', async () => {
    const content = '---\ninput:\n  schema:\n    name: string\n---\n{{nme}} {{name}}\n';
    const document = await vscode.workspace.openTextDocument({ language: 'dotprompt', content });
    const [undefinedName] = await diagnosticsOf(document.uri);
    assert.equal(codeOf(undefinedName), 'undefined-variable');
    const target = typeof undefinedName?.code === 'object' ? undefinedName.code.target : undefined;
    assert.ok(target);
    const page = await vscode.workspace.openTextDocument(target.with({ fragment: '' }));
    assert.equal(page.lineAt(Number(target.fragment.slice(1)) - 1).text, '## undefined-variable');
  });

  it('takes the severity of a diagnostic from the settings', async () => {
    const settings = vscode.workspace.getConfiguration('llmops');
    const content = '---\ninput:\n  schema:\n    name: string\n---\n{{nme}} {{name}}\n';
    const document = await vscode.workspace.openTextDocument({ language: 'dotprompt', content });
    await diagnosticsOf(document.uri);
    try {
      await settings.update('diagnostics.severity', { 'undefined-variable': 'off' }, vscode.ConfigurationTarget.Global);
      await until(async () => (vscode.languages.getDiagnostics(document.uri).length === 0 ? true : undefined));
    } finally {
      await settings.update('diagnostics.severity', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it('is checked with all others on command', async () => {
    await vscode.commands.executeCommand('llmops.prompts.check');
    const sample = vscode.languages.getDiagnostics().filter(([uri]) => uri.path.endsWith('churn-analysis.prompt'));
    assert.deepEqual(
      sample.flatMap(([, found]) => found),
      [],
    );
  });

  it('leaves hover, formatting and diagnostics to another extension where the setting says so', async () => {
    const settings = vscode.workspace.getConfiguration('llmops');
    const content = '---\nmodel:   demo/swift\n---\nHello {{name}} {{if}}';
    const document = await vscode.workspace.openTextDocument({ language: 'dotprompt', content });
    await diagnosticsOf(document.uri);
    await until(async () => ((await answersFor(document)) === 'hover, formatting' ? true : undefined));
    try {
      await settings.update('language.yield', 'always', vscode.ConfigurationTarget.Global);
      await until(async () => (vscode.languages.getDiagnostics(document.uri).length === 0 ? true : undefined));
      await until(async () => ((await answersFor(document)) === '' ? true : undefined));
    } finally {
      await settings.update('language.yield', undefined, vscode.ConfigurationTarget.Global);
    }
    await diagnosticsOf(document.uri);
    await until(async () => ((await answersFor(document)) === 'hover, formatting' ? true : undefined));
  });

  it('keeps them beside an extension that names the language and has no code', async () => {
    const other = vscode.extensions.getExtension('llmops-test.grammar-extension');
    assert.equal(other?.packageJSON.contributes.languages[0].id, 'dotprompt');
    const document = await vscode.workspace.openTextDocument({ language: 'dotprompt', content: 'Hello {{name' });
    await diagnosticsOf(document.uri);
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

/** Which of the features that can be yielded have an answer. */
async function answersFor({ uri, lineCount }: vscode.TextDocument): Promise<string> {
  const end = new vscode.Position(lineCount - 1, 9);
  const [hovers, edits] = await Promise.all([
    vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', uri, end),
    vscode.commands.executeCommand<vscode.TextEdit[] | undefined>('vscode.executeFormatDocumentProvider', uri, {}),
  ]);
  return [hovers.length > 0 && 'hover', edits?.length && 'formatting'].filter(Boolean).join(', ');
}

/** A code links to the page that explains it. */
function codeOf(diagnostic: vscode.Diagnostic | undefined): unknown {
  const code = diagnostic?.code;
  return typeof code === 'object' ? code.value : code;
}

function diagnosticsOf(uri: vscode.Uri): Promise<vscode.Diagnostic[]> {
  return until(async () => {
    const found = vscode.languages.getDiagnostics(uri);
    return found.length ? found : undefined;
  });
}
