import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { folder, openPrompt, until } from './workspace.ts';

const SOURCE = `---
model:    demo/swift
input:
  schema:
    question: string
    unused: string
---
{{role "system"}}
Be brief.

{{role "user"}}
{{ question }} by {{author}}
      {{#if question}}
yes
{{/if}}
`;

const uriOf = (path: string) => vscode.Uri.joinPath(folder(), path);

async function write(path: string, text: string): Promise<void> {
  await vscode.workspace.fs.writeFile(uriOf(path), new TextEncoder().encode(text));
}

async function actionsAt(document: vscode.TextDocument, text: string): Promise<vscode.CodeAction[]> {
  const start = document.getText().indexOf(text);
  const range = new vscode.Range(document.positionAt(start), document.positionAt(start + text.length));
  return vscode.commands.executeCommand('vscode.executeCodeActionProvider', document.uri, range);
}

async function take(document: vscode.TextDocument, text: string, title: RegExp): Promise<void> {
  const action = await until(async () => (await actionsAt(document, text)).find((one) => title.test(one.title)));
  // VS Code drops the arguments as soon as it requests actions again, which can be before the edit was applied.
  assert.deepEqual(action.command?.arguments ?? [], []);
  assert.ok(action.edit && (await vscode.workspace.applyEdit(action.edit)));
}

describe('rewriting a prompt', () => {
  let document: vscode.TextDocument;

  beforeEach(async () => {
    await write('rewriting/main.prompt', SOURCE);
    document = await openPrompt('rewriting/main.prompt');
    await until(async () => (document.getText() === SOURCE ? true : undefined));
  });

  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.workspace.fs.delete(uriOf('rewriting'), { recursive: true });
  });

  it('formats with Format Document', async () => {
    await vscode.commands.executeCommand('editor.action.formatDocument');
    const text = document.getText();
    assert.match(text, /^model: demo\/swift$/m);
    assert.match(text, /^\{\{question\}\} by \{\{author\}\}\n\{\{#if question\}\}$/m);
  });

  it('declares a variable and removes one with quick fixes', async () => {
    await take(document, 'author', /^Declare author/);
    assert.match(document.getText(), /^ {4}author: string$/m);
    await take(document, 'unused', /^Remove unused/);
    assert.doesNotMatch(document.getText(), /unused/);
  });

  it('extracts a selection to a partial next to the prompt', async () => {
    await take(document, 'Be brief.', /^Extract to partial/);
    assert.match(document.getText(), /\{\{> extracted\}\}/);
    const partial = await vscode.workspace.openTextDocument(uriOf('rewriting/_extracted.prompt'));
    assert.equal(partial.getText(), 'Be brief.\n');
  });

  it('indents below a key when Enter is pressed, and undoes both with one undo', async () => {
    const press = async (line: RegExp) => {
      const at = document
        .getText()
        .split('\n')
        .findIndex((text) => line.test(text));
      const end = document.lineAt(at).range.end;
      const editor = await vscode.window.showTextDocument(document, { selection: new vscode.Range(end, end) });
      await vscode.commands.executeCommand('type', { text: '\n' });
      return { editor, below: at + 1 };
    };
    const { editor, below } = await press(/^input:$/);
    await until(async () => (document.lineAt(below).text === '  ' ? true : undefined));
    assert.equal(editor.selection.active.character, 2);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), SOURCE);
    await write('rewriting/examples.prompt', `${SOURCE}input:\n`);
    document = await openPrompt('rewriting/examples.prompt');
    const end = document.lineAt(document.lineCount - 2).range.end;
    await vscode.window.showTextDocument(document, { selection: new vscode.Range(end, end) });
    await vscode.commands.executeCommand('type', { text: '\n' });
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(document.getText(), `${SOURCE}input:\n\n`);
  });

  it('imports a file of another tool into the prompts folder, and never over a prompt', async () => {
    await write('rewriting/main.py', 'GREETING_PROMPT = """Hello {name}, how are you?"""\n');
    await vscode.commands.executeCommand('llmops.prompts.import', uriOf('rewriting/main.py'));
    const isOpen = (name: string) =>
      until(async () => vscode.window.activeTextEditor?.document.uri.path.endsWith(`/prompts/${name}`) || undefined);
    await isOpen('greeting.prompt');
    assert.match(vscode.window.activeTextEditor?.document.getText() ?? '', /Hello \{\{name\}\}, how are you\?/);
    await vscode.commands.executeCommand('llmops.prompts.import', uriOf('rewriting/main.py'));
    await isOpen('greeting-2.prompt');
  });
});
