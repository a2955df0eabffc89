import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { EXTENSION_ID } from '../../src/vscode/host/contributions.ts';
import { versionUri } from '../../src/vscode/versions/documents/version-documents.ts';
import { folder, openPrompt, until } from './workspace.ts';

const file = (name: string) => path.join(folder().fsPath, name);
const prompt = (tone: string, temperature: number) =>
  `---\nmodel: demo/swift\nconfig:\n  temperature: ${temperature}\n---\n{{role "system"}}\n{{> ${tone}}}\n\n{{role "user"}}\nGo.\n`;

function git(...args: string[]): string {
  const who = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...who, ...args], { cwd: folder().fsPath, encoding: 'utf8' }).trim();
}

function commit(message: string, files: Record<string, string>): string {
  for (const [name, text] of Object.entries(files)) writeFileSync(file(name), text);
  git('add', ...Object.keys(files));
  git('commit', '--quiet', '-m', message);
  return git('rev-parse', 'HEAD');
}

const ask = <T>(command: string, ...args: unknown[]) => vscode.commands.executeCommand<T>(command, ...args);

/** The words that are highlighted as undeclared. */
function undeclaredIn(
  document: vscode.TextDocument,
  { data }: vscode.SemanticTokens,
  legend: vscode.SemanticTokensLegend,
): string[] {
  const bit = 1 << legend.tokenModifiers.indexOf('undeclared');
  const words: string[] = [];
  let [line, start] = [0, 0];
  for (let at = 0; at < data.length; at += 5) {
    const [lines = 0, columns = 0, length = 0, , modifiers = 0] = data.subarray(at, at + 5);
    start = lines > 0 ? columns : start + columns;
    line += lines;
    if (modifiers & bit) words.push(document.getText(new vscode.Range(line, start, line, start + length)));
  }
  return words;
}

describe('versions of a prompt', () => {
  let first: string;
  const place = () => ({ commit: first, file: file('versions/old.prompt'), name: 'v1' });

  before(async () => {
    await vscode.extensions.getExtension(EXTENSION_ID)?.activate();
    await vscode.workspace.fs.createDirectory(vscode.Uri.file(file('versions')));
    git('init', '--quiet', '--initial-branch=main');
    first = commit('One', { 'versions/old.prompt': prompt('voice', 0.2), 'versions/_voice.prompt': 'Speak softly.' });
    commit('Two', { 'versions/old.prompt': prompt('voice', 0.7), 'versions/_voice.prompt': 'Speak up.' });
  });
  afterEach(() => ask('workbench.action.closeAllEditors'));
  after(async () => {
    await rm(file('versions'), { recursive: true });
    await rm(file('.git'), { recursive: true });
  });

  it('opens as a document of the language with the text of its commit', async () => {
    const document = await vscode.workspace.openTextDocument(versionUri(place()));
    assert.equal(document.languageId, 'dotprompt');
    assert.equal(path.posix.basename(document.uri.path), 'old@v1.prompt');
    assert.match(document.getText(), /temperature: 0\.2/);
  });

  it('has hovers and links to the partial of its commit, an outline and folding', async () => {
    const { uri } = await vscode.workspace.openTextDocument(versionUri(place()));
    const document = await vscode.workspace.openTextDocument(uri);
    const at = document.positionAt(document.getText().indexOf('voice') + 2);
    const [hover] = await ask<vscode.Hover[]>('vscode.executeHoverProvider', uri, at);
    const said = hover?.contents.map((content) => (content as vscode.MarkdownString).value).join('\n') ?? '';
    assert.match(said, /Speak softly\./);
    const [definition] = await ask<vscode.Location[]>('vscode.executeDefinitionProvider', uri, at);
    assert.ok(definition);
    const partial = await vscode.workspace.openTextDocument(definition.uri);
    assert.equal(partial.getText(), 'Speak softly.');
    const symbols = await ask<vscode.DocumentSymbol[]>('vscode.executeDocumentSymbolProvider', uri);
    assert.ok(
      symbols.some(({ name }) => name === 'system'),
      JSON.stringify(symbols.map(({ name }) => name)),
    );
    assert.ok((await ask<vscode.FoldingRange[]>('vscode.executeFoldingRangeProvider', uri)).length > 0);
  });

  it('has the named schema of its commit, in hover, definition, links and colors', async () => {
    const judge = (use: string) =>
      `---\nmodel: demo/swift\ninput:\n  schema:\n    who: Person\n---\n{{who.${use}}} of {{who.shoe}}\n`;
    const schema = 'versions/schemas/Person.yaml';
    await vscode.workspace.fs.createDirectory(vscode.Uri.file(file('versions/schemas')));
    const files = { 'versions/judge.prompt': judge('nick'), [schema]: 'nick: string, the first of names\n' };
    const then = commit('Judge', files);
    commit('Name', { 'versions/judge.prompt': judge('name'), [schema]: 'name: string\n' });
    const { uri } = await vscode.workspace.openTextDocument(
      versionUri({ commit: then, file: file('versions/judge.prompt'), name: 'v1' }),
    );
    const document = await vscode.workspace.openTextDocument(uri);
    const at = (word: string) => document.positionAt(document.getText().indexOf(word) + 1);

    const [hover] = await ask<vscode.Hover[]>('vscode.executeHoverProvider', uri, at('Person'));
    const said = hover?.contents.map((content) => (content as vscode.MarkdownString).value).join('\n') ?? '';
    assert.match(said, /nick/);
    assert.match(said, /at v1/);
    const [definition] = await ask<vscode.Location[]>('vscode.executeDefinitionProvider', uri, at('Person'));
    assert.ok(definition);
    const opened = await vscode.workspace.openTextDocument(definition.uri);
    assert.equal(opened.uri.scheme, 'llmops-version');
    assert.equal(opened.getText(), files[schema]);
    const links = await ask<vscode.DocumentLink[]>('vscode.executeLinkProvider', uri);
    assert.deepEqual(
      links.map(({ target }) => target?.toString()),
      [definition.uri.toString()],
    );
    const legend = await ask<vscode.SemanticTokensLegend>('vscode.provideDocumentSemanticTokensLegend', uri);
    const tokens = await ask<vscode.SemanticTokens>('vscode.provideDocumentSemanticTokens', uri);
    assert.deepEqual(undeclaredIn(document, tokens, legend), ['shoe']);
  });

  it('rejects typing', async () => {
    const { uri } = await vscode.workspace.openTextDocument(versionUri(place()));
    const editor = await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
    const before = editor.document.getText();
    await ask('type', { text: 'x' });
    assert.equal(editor.document.getText(), before);
    assert.equal(editor.document.isDirty, false);
    await assert.rejects(async () => vscode.workspace.fs.writeFile(uri, new Uint8Array()));
  });

  it('shows in the editor why it cannot be read', async () => {
    const gone = versionUri({ ...place(), commit: 'f'.repeat(40) });
    await assert.rejects(async () => vscode.workspace.openTextDocument(gone), /Unknown version f{40}/);
  });

  it('has no diagnostics, even if a partial was deleted since', async () => {
    commit('Three', { 'versions/old.prompt': prompt('accent', 0.7), 'versions/_accent.prompt': 'Drawl.' });
    await rm(file('versions/_voice.prompt'));
    const { uri } = await vscode.workspace.openTextDocument(versionUri(place()));
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
    const broken = await openPrompt('versions/old.prompt');
    const edit = new vscode.WorkspaceEdit();
    edit.insert(broken.uri, new vscode.Position(broken.lineCount, 0), '{{> nowhere}}\n');
    await vscode.workspace.applyEdit(edit);
    await until(async () => (vscode.languages.getDiagnostics(broken.uri).length > 0 ? true : undefined));
    assert.deepEqual(vscode.languages.getDiagnostics(uri), []);
    await ask('workbench.action.files.revert');
  });

  it('is restored as an edit of the file that can be undone', async () => {
    const document = await openPrompt('versions/old.prompt');
    const before = document.getText();
    await ask('llmops.version.restore', versionUri(place()));
    assert.match(document.getText(), /temperature: 0\.2/);
    assert.equal(document.isDirty, true);
    await ask('undo');
    assert.equal(document.getText(), before);
  });

  it('is compared with the version before it', async () => {
    await openPrompt('versions/old.prompt');
    const commits = git('log', '--format=%H', '--', 'versions/old.prompt').split('\n');
    const [newest] = commits;
    await ask('llmops.version.comparePrevious', versionUri({ ...place(), commit: newest, name: 'v3' }));
    const tab = await until(async () => vscode.window.tabGroups.activeTabGroup.activeTab);
    assert.match(tab.label, /old: [0-9a-f]{7,} ↔ v3/);
  });

  it('is opened by its copied link', async () => {
    await ask('llmops.version.open', `versions/old@${first.slice(0, 10)}`);
    const editor = vscode.window.activeTextEditor;
    assert.equal(editor?.document.uri.scheme, 'llmops-version');
    assert.match(editor?.document.getText() ?? '', /temperature: 0\.2/);
  });

  it('leaves nothing in the folder', () => {
    assert.equal(existsSync(file('.git/index.lock')), false);
    assert.equal(git('status', '--porcelain', '--', 'versions/old.prompt'), '');
  });
});
