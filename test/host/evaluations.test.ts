import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as vscode from 'vscode';
import { folder, until } from './workspace.ts';

const PROMPT = `---
model: demo/swift
config:
  demo: { tokensPerSecond: 4000, ttftMs: 1 }
input:
  schema:
    city: string
---
Say something about {{city}}.
`;
const EVALUATION = `prompts: [quick-eval.prompt]
rows:
  - { id: oslo, city: Oslo }
  - { id: rome, city: Rome }
metrics:
  - { metric: regex, value: '[a-z]' }
  - { metric: contains, value: Demo }
`;

const at = (name: string) => path.join(folder().fsPath, name);
const uriOf = (name: string) => vscode.Uri.joinPath(folder(), name);
const FILES = ['quick-eval.prompt', 'quick.eval.yaml', 'broken.eval.yaml', 'pasted.jsonl', 'pasted.csv'];

function results(): Record<string, unknown>[] {
  const file = path.join(folder().fsPath, '.llmops', 'llmops.db');
  if (!existsSync(file)) return [];
  const database = new DatabaseSync(file, { readOnly: true, timeout: 5000 });
  try {
    return database
      .prepare('SELECT id, file, state, passed, failed, errors, cells FROM evaluations ORDER BY seq')
      .all();
  } finally {
    database.close();
  }
}

describe('evaluations', () => {
  beforeEach(() => {
    writeFileSync(at('quick-eval.prompt'), PROMPT);
    writeFileSync(at('quick.eval.yaml'), EVALUATION);
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    for (const name of FILES) rmSync(at(name), { force: true });
  });

  it('run on demo models without a question, and store every answer under their file', async () => {
    const before = results().length;
    await vscode.commands.executeCommand('llmops.evaluation.run', uriOf('quick.eval.yaml'));
    const result = await until(async () => {
      const newest = results()[before];
      return newest?.state === 'done' ? newest : undefined;
    });
    assert.equal(result.file, 'quick.eval.yaml');
    assert.deepEqual([result.cells, result.errors], [2, 0]);
    assert.equal(Number(result.passed) + Number(result.failed), 2);
    const tabs = () => vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    await until(async () => tabs().some(({ input }) => input instanceof vscode.TabInputWebview) || undefined);
  });

  it('do not run while their file has an error', async () => {
    const before = results().length;
    writeFileSync(at('broken.eval.yaml'), `${EVALUATION}  - nonsense\n`);
    void vscode.commands.executeCommand('llmops.evaluation.run', uriOf('broken.eval.yaml'));
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal(results().length, before);
  });

  it('have lenses to run and to estimate them, and after a run its result', async () => {
    const document = await vscode.workspace.openTextDocument(uriOf('quick.eval.yaml'));
    await vscode.window.showTextDocument(document);
    const lenses = await until(async () => {
      const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        document.uri,
      );
      return found.length >= 2 ? found : undefined;
    });
    const commands = lenses.map(({ command }) => command?.command);
    assert.deepEqual(commands.slice(0, 2), ['llmops.evaluation.run', 'llmops.evaluation.estimate']);
  });

  it('complete and describe what they name, and mark what does not exist', async () => {
    const text = EVALUATION.replace('rows:', 'models: [demo/swift, demo/swfit]\nrows:');
    writeFileSync(at('quick.eval.yaml'), text);
    const { document } = await vscode.window.showTextDocument(uriOf('quick.eval.yaml'));
    const { uri } = document;
    const place = (word: string) => {
      const before = text.slice(0, text.indexOf(word)).split('\n');
      return new vscode.Position(before.length - 1, before.at(-1)?.length ?? 0);
    };
    const offered = async (word: string, label: string) =>
      until(async () => {
        const command = 'vscode.executeCompletionItemProvider';
        const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(command, uri, place(word));
        const labels = items.map((item) => (typeof item.label === 'string' ? item.label : item.label.label));
        return labels.includes(label) || undefined;
      });
    await offered('demo/swift', 'demo/thorough');
    await offered('quick-eval.prompt', 'quick-eval.prompt');
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      uri,
      place('demo/swift').translate(0, 2),
    );
    assert.match(
      hovers.flatMap(({ contents }) => contents.map((one) => (one as vscode.MarkdownString).value)).join(),
      /context/,
    );
    const marked = await until(async () => {
      const found = vscode.languages.getDiagnostics(uri);
      return found.length > 0 ? found : undefined;
    });
    assert.deepEqual(
      marked.map(({ message, range }) => [message.includes('Did you mean demo/swift?'), range.start.line]),
      [[true, 1]],
    );
  });

  it('get cases from the clipboard, as an edit that can be undone and is not saved', async () => {
    writeFileSync(at('pasted.jsonl'), '{"city": "Oslo"}\n');
    await vscode.env.clipboard.writeText('city\treference\nRome\tItaly\nParis\tFrance\n');
    await vscode.commands.executeCommand('llmops.evaluation.pasteCases', uriOf('pasted.jsonl'));
    const document = await vscode.workspace.openTextDocument(uriOf('pasted.jsonl'));
    const rows = document
      .getText()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(rows, [
      { city: 'Oslo' },
      { city: 'Rome', reference: 'Italy' },
      { city: 'Paris', reference: 'France' },
    ]);
    assert.equal(document.isDirty, true);
    assert.equal(readFileSync(at('pasted.jsonl'), 'utf8'), '{"city": "Oslo"}\n');
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), '{"city": "Oslo"}\n');
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('leave the dataset as it is if the clipboard has no rows', async () => {
    writeFileSync(at('pasted.csv'), 'city\nOslo\n');
    await vscode.env.clipboard.writeText('  ');
    await vscode.commands.executeCommand('llmops.evaluation.pasteCases', uriOf('pasted.csv'));
    assert.equal((await vscode.workspace.openTextDocument(uriOf('pasted.csv'))).getText(), 'city\nOslo\n');
  });
});
