import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { versionUri } from '../../src/vscode/adapters/version-documents.ts';
import { EXTENSION_ID } from '../../src/vscode/contributions.ts';
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

  it('opens as a document of the language that holds the text of its commit', async () => {
    const document = await vscode.workspace.openTextDocument(versionUri(place()));
    assert.equal(document.languageId, 'dotprompt');
    assert.equal(path.posix.basename(document.uri.path), 'old@v1.prompt');
    assert.match(document.getText(), /temperature: 0\.2/);
  });

  it('hovers and leads to the partial of its commit, and has an outline and folds', async () => {
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

  it('has no diagnostics, though a partial of it may be gone by now', async () => {
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

  it('is restored as an edit of the file that undo takes back', async () => {
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

  it('is opened by the link that was copied of it', async () => {
    await ask('llmops.version.open', `versions/old@${first.slice(0, 10)}`);
    const editor = vscode.window.activeTextEditor;
    assert.equal(editor?.document.uri.scheme, 'llmops-version');
    assert.match(editor?.document.getText() ?? '', /temperature: 0\.2/);
  });

  it('leaves the folder without a trace of its own', () => {
    assert.equal(existsSync(file('.git/index.lock')), false);
    assert.equal(git('status', '--porcelain', '--', 'versions/old.prompt'), '');
  });
});
