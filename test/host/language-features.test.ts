import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { folder, openPrompt, until } from './workspace.ts';

const MAIN = `---
model: demo/swift
input:
  schema:
    question: string, what is asked
    facts(array): string
  default:
    question: Why?
llmops.dataset: rows.jsonl
---
{{role "system"}}
Answer {{question}} {{> voice who="me"}} {{oops}}

{{role "user"}}
{{#each facts as |fact|}}
- {{fact}}
{{/each}}
`;
const FILES = {
  'features/main.prompt': MAIN,
  'features/_voice.prompt': 'Speak as {{who}} of {{question}}',
  'features/rows.jsonl': '{"question": "a", "facts": []}\n',
};

/** The response of VS Code to a request for one of its features. */
function ask<T>(command: string, ...args: unknown[]): Thenable<T> {
  return vscode.commands.executeCommand<T>(command, ...args);
}

function positionOf(document: vscode.TextDocument, text: string, plus = 0): vscode.Position {
  const at = document.getText().indexOf(text);
  assert.ok(at >= 0, `${text} is not in ${document.uri.path}`);
  return document.positionAt(at + plus);
}

const uriOf = (path: string) => vscode.Uri.joinPath(folder(), path);
const read = async (path: string) => (await vscode.workspace.openTextDocument(uriOf(path))).getText();

describe('the language', () => {
  let document: vscode.TextDocument;

  beforeEach(async () => {
    for (const [path, text] of Object.entries(FILES)) {
      await vscode.workspace.fs.writeFile(uriOf(path), new TextEncoder().encode(text));
    }
    document = await openPrompt('features/main.prompt');
    await until(async () => (document.getText() === MAIN ? true : undefined));
    // The watcher notifies the index of new files a moment later.
    await until(async () => {
      const found = await ask<vscode.Location[]>(
        'vscode.executeDefinitionProvider',
        document.uri,
        positionOf(document, 'voice', 1),
      );
      return found.length > 0 ? true : undefined;
    });
  });

  afterEach(async () => {
    await ask('workbench.action.files.revert');
    await ask('workbench.action.closeAllEditors');
    await vscode.workspace.fs.delete(uriOf('features'), { recursive: true });
  });

  const complete = async (text: string, plus = 0) => {
    const at = positionOf(document, text, plus);
    const list = await ask<vscode.CompletionList>('vscode.executeCompletionItemProvider', document.uri, at);
    return list.items;
  };
  const labels = (items: vscode.CompletionItem[]) =>
    items.map(({ label }) => (typeof label === 'string' ? label : label.label));

  it('completes variables with type and description, helpers, partials and roles', async () => {
    const variables = await complete('{{question', 2);
    const question = variables.find((item) => labels([item])[0] === 'question');
    assert.equal(question?.detail, 'string');
    assert.equal(question?.documentation, 'what is asked');
    assert.ok(labels(variables).includes('#each'));
    assert.ok(labels(await complete('{{> voice', 4)).includes('voice'));
    assert.ok(labels(await complete('"system"', 1)).includes('user'));
  });

  it('completes models with context window and price, and files', async () => {
    const swift = await until(async () =>
      (await complete('demo/swift', 2)).find((item) => labels([item])[0] === 'demo/swift'),
    );
    assert.match(swift.detail ?? '', /context · .*per million/);
    assert.deepEqual(
      labels(await complete('rows.jsonl', 2))
        .slice(0, 3)
        .includes('rows.jsonl'),
      true,
    );
  });

  it('shows the arguments of a helper', async () => {
    const help = await ask<vscode.SignatureHelp>(
      'vscode.executeSignatureHelpProvider',
      document.uri,
      positionOf(document, '{{#each ', 8),
    );
    assert.equal(help.signatures[0]?.label, '#each list');
  });

  const hover = async (text: string, plus: number) => {
    const found = await ask<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      positionOf(document, text, plus),
    );
    return found.flatMap(({ contents }) => contents.map((part) => (part as vscode.MarkdownString).value)).join('\n');
  };

  it('explains the text under the mouse', async () => {
    const variable = await hover('{{question', 4);
    assert.match(variable, /question: string/);
    assert.match(variable, /what is asked/);
    assert.match(await hover('voice', 2), /Speak as \{\{who\}\}/);
    assert.match(await hover('#each', 2), /once for each element/);
    assert.match(await hover('{{role', 3), /≈\d+ tokens/);
    assert.match(await hover('schema', 2), /"type": "object"/);
    const model = await until(async () => {
      const text = await hover('demo/swift', 3);
      return text.includes('Prices') ? text : undefined;
    });
    assert.match(model, /Context window/);
  });

  it('navigates to definitions and references across files', async () => {
    const at = positionOf(document, '{{question', 4);
    const [definition] = await ask<vscode.Location[]>('vscode.executeDefinitionProvider', document.uri, at);
    assert.equal(definition?.range.start.line, 4);
    const found = await ask<vscode.Location[]>('vscode.executeReferenceProvider', document.uri, at);
    const files = new Set(found.map(({ uri }) => uri.path.replace(/.*\//, '')));
    assert.deepEqual([...files].sort(), ['_voice.prompt', 'main.prompt', 'rows.jsonl']);
    const [partial] = await ask<vscode.Location[]>(
      'vscode.executeDefinitionProvider',
      document.uri,
      positionOf(document, 'voice', 1),
    );
    assert.match(partial?.uri.path ?? '', /_voice\.prompt$/);
  });

  it('renames a variable in the schema, defaults, template, partial and dataset', async () => {
    const at = positionOf(document, '{{question', 4);
    const edit = await ask<vscode.WorkspaceEdit>('vscode.executeDocumentRenameProvider', document.uri, at, 'query');
    assert.ok(await vscode.workspace.applyEdit(edit));
    assert.match(document.getText(), /query: string.*query: Why\?.*Answer \{\{query\}\}/s);
    assert.equal(await read('features/_voice.prompt'), 'Speak as {{who}} of {{query}}');
    assert.equal(await read('features/rows.jsonl'), '{"query": "a", "facts": []}\n');
    await vscode.workspace.saveAll(false);
  });

  it('navigates from a type to its schema’s file, and renames a field wherever it is read', async () => {
    const source = `---
input:
  schema:
    who: Who, the one who asks
    items(array):
      name: string
---
{{#each items}}{{this.name}}{{/each}} {{items.0.name}}`;
    for (const [path, text] of [
      ['features/schemas/Who.yaml', 'name: string'],
      ['features/fields.prompt', source],
    ] as const) {
      await vscode.workspace.fs.writeFile(uriOf(path), new TextEncoder().encode(text));
    }
    const fields = await openPrompt('features/fields.prompt');
    const type = positionOf(fields, 'Who,', 1);
    const [schema] = await until(async () => {
      const found = await ask<vscode.Location[]>('vscode.executeDefinitionProvider', fields.uri, type);
      return found.length > 0 ? found : undefined;
    });
    assert.match(schema?.uri.path ?? '', /schemas\/Who\.yaml$/);
    const links = await ask<vscode.DocumentLink[]>('vscode.executeLinkProvider', fields.uri);
    assert.match(links[0]?.target?.path ?? '', /schemas\/Who\.yaml$/);
    assert.deepEqual(
      vscode.languages
        .getDiagnostics(fields.uri)
        .filter(({ severity }) => severity === vscode.DiagnosticSeverity.Error),
      [],
    );
    const at = positionOf(fields, 'this.name', 6);
    const edit = await ask<vscode.WorkspaceEdit>('vscode.executeDocumentRenameProvider', fields.uri, at, 'title');
    assert.ok(await vscode.workspace.applyEdit(edit));
    assert.equal(fields.getText(), source.replaceAll('name', 'title'));
  });

  it('notices a folder that is added or removed as a whole', async () => {
    const partial = uriOf('features/folder/_inside.prompt');
    await vscode.workspace.fs.writeFile(partial, new TextEncoder().encode('Inside'));
    await vscode.workspace.fs.writeFile(
      uriOf('features/calls.prompt'),
      new TextEncoder().encode('{{> folder/inside}}'),
    );
    const calls = await openPrompt('features/calls.prompt');
    const at = positionOf(calls, 'inside', 1);
    const found = async () =>
      (await ask<vscode.Location[]>('vscode.executeDefinitionProvider', calls.uri, at)).length > 0;
    await until(async () => ((await found()) ? true : undefined));
    await vscode.workspace.fs.delete(uriOf('features/folder'), { recursive: true });
    await until(async () => ((await found()) ? undefined : true));
  });

  it('notices schemas whose folder is added as a whole', async () => {
    const write = (file: string, text: string) =>
      vscode.workspace.fs.writeFile(uriOf(file), new TextEncoder().encode(text));
    await write('features/palette/kept/Colour.yaml', 'name: string');
    await write('features/palette/paint.prompt', '---\ninput:\n  schema:\n    colour: Colour\n---\n{{colour.name}}');
    const paint = await openPrompt('features/palette/paint.prompt');
    await vscode.workspace.fs.rename(uriOf('features/palette/kept'), uriOf('features/palette/schemas'));
    const at = positionOf(paint, 'Colour', 1);
    const [schema] = await until(async () => {
      const found = await ask<vscode.Location[]>('vscode.executeDefinitionProvider', paint.uri, at);
      return found.length > 0 ? found : undefined;
    });
    assert.match(schema?.uri.path ?? '', /palette\/schemas\/Colour\.yaml$/);
  });

  it('renames a partial with its file, from its use and from the explorer', async () => {
    const at = positionOf(document, 'voice', 1);
    const edit = await ask<vscode.WorkspaceEdit>('vscode.executeDocumentRenameProvider', document.uri, at, 'tune');
    assert.ok(await vscode.workspace.applyEdit(edit));
    assert.match(document.getText(), /\{\{> tune who="me"\}\}/);
    await vscode.workspace.fs.stat(uriOf('features/_tune.prompt'));
    await vscode.workspace.saveAll(false);

    const move = new vscode.WorkspaceEdit();
    await until(async () => {
      const found = await ask<vscode.Location[]>('vscode.executeDefinitionProvider', document.uri, at);
      return found[0]?.uri.path.endsWith('_tune.prompt') ? true : undefined;
    });
    move.renameFile(uriOf('features/_tune.prompt'), uriOf('features/_song.prompt'));
    assert.ok(await vscode.workspace.applyEdit(move));
    await until(async () => (document.getText().includes('{{> song who="me"}}') ? true : undefined));
    await vscode.workspace.saveAll(false);
  });

  it('outlines, folds, expands the selection, highlights, and finds symbols in the workspace', async () => {
    const { uri } = document;
    const symbols = await ask<vscode.DocumentSymbol[]>('vscode.executeDocumentSymbolProvider', uri);
    assert.deepEqual(
      symbols.map(({ name }) => name),
      ['Front matter', 'system', 'user'],
    );
    const folds = await ask<vscode.FoldingRange[]>('vscode.executeFoldingRangeProvider', uri);
    assert.ok(folds.some(({ start, end }) => start === 0 && end === 9));
    assert.ok(folds.some(({ start }) => document.lineAt(start).text.startsWith('{{#each')));
    const at = positionOf(document, '{{fact}}', 4);
    const [selection] = await ask<vscode.SelectionRange[]>('vscode.executeSelectionRangeProvider', uri, [at]);
    assert.equal(selection && document.getText(selection.range), 'fact');
    assert.equal(selection?.parent && document.getText(selection.parent.range), '{{fact}}');
    const marks = await ask<vscode.DocumentHighlight[]>('vscode.executeDocumentHighlights', uri, at);
    assert.equal(marks.length, 2);
    const all = await until(async () => {
      const found = await ask<vscode.SymbolInformation[]>('vscode.executeWorkspaceSymbolProvider', '_voice');
      return found.length > 0 ? found : undefined;
    });
    assert.equal(all[0]?.name, '_voice');
  });

  it('links the names of a block, and paths to their files', async () => {
    const linked = await ask<{ ranges: vscode.Range[] } | undefined>(
      '_executeLinkedEditingProvider',
      document.uri,
      positionOf(document, '#each', 2),
    );
    assert.equal(linked?.ranges.length, 2);
    const links = await ask<vscode.DocumentLink[]>('vscode.executeLinkProvider', document.uri, 10);
    assert.deepEqual(links.map(({ target }) => target?.path.replace(/.*\//, '')).sort(), [
      '_voice.prompt',
      'rows.jsonl',
    ]);
  });

  it('highlights undeclared names', async () => {
    const { uri } = document;
    const legend = await ask<vscode.SemanticTokensLegend>('vscode.provideDocumentSemanticTokensLegend', uri);
    const tokens = await ask<vscode.SemanticTokens>('vscode.provideDocumentSemanticTokens', uri);
    const marked: string[] = [];
    let [line, character] = [0, 0];
    for (let at = 0; at < tokens.data.length; at += 5) {
      const [down = 0, right = 0, length = 0, , modifiers = 0] = tokens.data.subarray(at, at + 5);
      character = down > 0 ? right : character + right;
      line += down;
      const isMarked = legend.tokenModifiers.some((name, bit) => name === 'undeclared' && (modifiers >> bit) % 2 === 1);
      if (isMarked) marked.push(document.getText(new vscode.Range(line, character, line, character + length)));
    }
    assert.deepEqual(marked, ['oops']);
  });

  it('shows tokens and cost between the lines, unless a setting disables it', async () => {
    const whole = new vscode.Range(0, 0, document.lineCount, 0);
    const hints = () => ask<vscode.InlayHint[]>('vscode.executeInlayHintProvider', document.uri, whole);
    const found = await until(async () => {
      const shown = await hints();
      return shown.length === 3 ? shown : undefined;
    });
    assert.match(String(found[0]?.label), /^\(≈\$[\d\u2024]+ input \/ 1\u201a000 runs, simulated\)$/);
    assert.match(String(found[1]?.label), /^≈\d+ tokens$/);
    const settings = vscode.workspace.getConfiguration('llmops.inlayHints');
    await settings.update('tokens', false, vscode.ConfigurationTarget.Global);
    await settings.update('cost', false, vscode.ConfigurationTarget.Global);
    assert.deepEqual(await until(async () => ((await hints()).length === 0 ? [] : undefined)), []);
    await settings.update('tokens', undefined, vscode.ConfigurationTarget.Global);
    await settings.update('cost', undefined, vscode.ConfigurationTarget.Global);
  });
});
