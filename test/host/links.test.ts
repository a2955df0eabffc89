import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { folder, openPrompt, until } from './workspace.ts';

/** Links that a repository contains, to files outside the workspace. */
describe('a symbolic link in the workspace', () => {
  const SECRET = 'the-value-that-must-not-be-shown';
  let outside: string;
  const planted: string[] = [];
  const inWork = (name: string) => path.join(folder().fsPath, name);
  const plant = (name: string, make: (file: string) => void) => {
    planted.push(inWork(name));
    make(inWork(name));
  };

  before(() => {
    outside = mkdtempSync(path.join(tmpdir(), 'llmops-outside-'));
    writeFileSync(path.join(outside, 'foreign.prompt'), `---\nmodel: demo/swift\n---\n${SECRET}\n`);
    writeFileSync(path.join(outside, 'foreign.yaml'), `password: ${SECRET}\n  broken: [`);
    writeFileSync(path.join(outside, 'rows.jsonl'), `{"who":"${SECRET}"}\n`);
    mkdirSync(inWork('links/schemas'), { recursive: true });
    planted.push(inWork('links'));
    const link = (target: string) => (file: string) => symlinkSync(path.join(outside, target), file);
    plant('links/evil.prompt', link('foreign.prompt'));
    plant('links/_leaked.prompt', link('foreign.prompt'));
    plant('links/schemas/Foreign.yaml', link('foreign.yaml'));
    plant('links/rows.jsonl', link('rows.jsonl'));
    const text = `---
model: demo/swift
llmops.dataset: rows.jsonl
input:
  schema:
    who: Foreign
---
{{> leaked}} {{who}}
`;
    plant('links/user.prompt', (file) => writeFileSync(file, text));
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    for (const file of planted.reverse()) rmSync(file, { recursive: true, force: true });
    rmSync(outside, { recursive: true, force: true });
  });

  const found = async (name: string, codes: readonly string[]) => {
    const document = await openPrompt(name);
    return until(async () => {
      const all = vscode.languages.getDiagnostics(document.uri);
      return codes.every((code) => all.some((one) => codeOf(one) === code)) ? all : undefined;
    });
  };
  const messageOf = (all: readonly vscode.Diagnostic[], code: string) =>
    all.find((one) => codeOf(one) === code)?.message;

  it('as a prompt is an error that names its target, although its editor shows it', async () => {
    const all = await found('links/evil.prompt', ['unreadable-file']);
    assert.match(
      messageOf(all, 'unreadable-file') ?? '',
      /evil\.prompt is a link to .*foreign\.prompt, outside the workspace/,
    );
    assert.equal(all.find((one) => codeOf(one) === 'unreadable-file')?.severity, vscode.DiagnosticSeverity.Error);
  });

  it('as a partial, a schema or a dataset is reported where it is used, and shows nothing of its target', async () => {
    const all = await found('links/user.prompt', ['missing-partial', 'picoschema', 'missing-dataset']);
    assert.match(
      messageOf(all, 'missing-partial') ?? '',
      /cannot be used: .*_leaked\.prompt is a link to .*foreign\.prompt/,
    );
    assert.match(
      messageOf(all, 'picoschema') ?? '',
      /Foreign\.yaml is a link to .*foreign\.yaml, outside the workspace/,
    );
    assert.match(messageOf(all, 'missing-dataset') ?? '', /is outside the workspace and is not read/);
    assert.ok(!JSON.stringify(all).includes(SECRET));
  });

  it('is included when all prompts are checked', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.commands.executeCommand('llmops.prompts.check');
    const [evil] = vscode.languages.getDiagnostics(vscode.Uri.file(inWork('links/evil.prompt')));
    assert.equal(codeOf(evil), 'unreadable-file');
  });
});

function codeOf(diagnostic: vscode.Diagnostic | undefined): unknown {
  const code = diagnostic?.code;
  return typeof code === 'object' ? code.value : code;
}
