import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { type CheckedAll, describeCheck } from '../../src/vscode/language/workspace/check-all.ts';
import { folder, openPrompt, until } from './workspace.ts';

describe('a prompt in the editor', () => {
  it('has lenses to run, to compare and to choose its model, with the source of the model', async () => {
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
    assert.deepEqual(titles, ['$(play)\u00a0Run', '$(split-horizontal)\u00a0Compare', 'demo/balanced (from the file)']);
  });

  it('has no diagnostics if it is valid', async () => {
    const document = await openPrompt('prompts/churn-analysis.prompt');
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.deepEqual(vscode.languages.getDiagnostics(document.uri), []);
  });

  it('shows a YAML error and a template error at their places', async () => {
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

  it('explains each diagnostic on an existing page', async () => {
    const content = '---\ninput:\n  schema:\n    name: string\n---\n{{nme}} {{name}}\n';
    const document = await vscode.workspace.openTextDocument({ language: 'dotprompt', content });
    const [undefinedName] = await diagnosticsOf(document.uri);
    assert.equal(codeOf(undefinedName), 'undefined-variable');
    const target = typeof undefinedName?.code === 'object' ? undefinedName.code.target : undefined;
    assert.ok(target);
    const page = await vscode.workspace.openTextDocument(target.with({ fragment: '' }));
    assert.equal(page.lineAt(Number(target.fragment.slice(1)) - 1).text, '## undefined-variable');
  });

  it('uses the severity of a diagnostic from the settings', async () => {
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

  it('is checked with files that are not open; the result shows their number and the problems in each', async () => {
    const files = await writeBroken(3);
    try {
      const result = await until(async () => {
        const found = await vscode.commands.executeCommand<CheckedAll>('llmops.prompts.check');
        return found.errors >= files.length ? found : undefined;
      });
      assert.equal(result.checked, result.of);
      assert.ok(result.of >= files.length + 3);
      for (const uri of files) {
        assert.equal(
          vscode.workspace.textDocuments.some((open) => open.uri.path === uri.path),
          false,
        );
        const [problem] = await diagnosticsOf(uri);
        assert.equal(codeOf(problem), 'template-syntax');
      }
      // a checked file stays up to date while it is not open
      const [first] = files;
      assert.ok(first);
      await vscode.workspace.fs.writeFile(first, new TextEncoder().encode('Mended.\n'));
      await until(async () => (vscode.languages.getDiagnostics(first).length === 0 ? true : undefined));
    } finally {
      await vscode.workspace.fs.delete(vscode.Uri.joinPath(folder(), 'broken'), { recursive: true });
    }
    await until(async () =>
      files.every((uri) => vscode.languages.getDiagnostics(uri).length === 0) ? true : undefined,
    );
  });

  it('stops a cancelled check of all prompts, and reports its progress', async () => {
    const files = await writeBroken(150);
    try {
      await until(async () => {
        const { of } = await vscode.commands.executeCommand<CheckedAll>('llmops.prompts.check', AbortSignal.abort());
        return of >= files.length ? true : undefined;
      });
      const stop = new AbortController();
      setTimeout(() => stop.abort(), 0);
      const result = await vscode.commands.executeCommand<CheckedAll>('llmops.prompts.check', stop.signal);
      assert.ok(result.checked < result.of, `${result.checked} of ${result.of}`);
      assert.match(describeCheck(result), new RegExp(`^Stopped: ${result.checked} of ${result.of} prompts checked`));
    } finally {
      await vscode.workspace.fs.delete(vscode.Uri.joinPath(folder(), 'broken'), { recursive: true });
    }
  });

  it('is checked with the evaluations of the workspace that are not open, and what they name', async () => {
    const uri = vscode.Uri.joinPath(folder(), 'check-all.eval.yaml');
    const text =
      'prompts: [prompts/churn-analysis.prompt]\nmodels: [demo/swfit]\nrows: [{ a: 1 }]\nmetrics: [rogueL]\n';
    const write = (content: string) => vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(content));
    const codes = () => vscode.languages.getDiagnostics(uri).map(codeOf);
    try {
      await write(text);
      const found = await until(async () => {
        const result = await vscode.commands.executeCommand<CheckedAll>('llmops.prompts.check');
        return codes().length > 0 ? result : undefined;
      });
      // a file with errors is not looked at further
      assert.deepEqual(codes(), ['unknown-metric']);
      assert.ok(found.others >= 2 && found.errors >= 1);
      assert.match(describeCheck(found), /^\d+ prompts and \d+ other files checked: /);
      await write(text.replace('rogueL', 'rougeL'));
      await until(async () => (codes().includes('unknown-model') ? true : undefined));
      assert.equal(vscode.languages.getDiagnostics(uri)[0]?.range.start.line, 1);
    } finally {
      await vscode.workspace.fs.delete(uri);
    }
    await until(async () => (codes().length === 0 ? true : undefined));
  });

  it('reports a missing dataset until it exists', async () => {
    const dataset = vscode.Uri.joinPath(folder(), 'data', 'rows-of-tomorrow.jsonl');
    const uri = vscode.Uri.joinPath(folder(), 'prompts', 'with-dataset.prompt');
    const text = '---\nllmops.dataset: ../data/rows-of-tomorrow.jsonl\n---\nHello.\n';
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
    try {
      await vscode.workspace.openTextDocument(uri);
      const [missing] = await diagnosticsOf(uri);
      assert.equal(codeOf(missing), 'missing-dataset');
      assert.equal(missing?.range.start.line, 1);
      // VS Code reports nothing about a file that is deleted before it has reported its creation.
      const isReported = created(dataset);
      await vscode.workspace.fs.writeFile(dataset, new TextEncoder().encode('{"a": 1}\n'));
      await until(async () => (vscode.languages.getDiagnostics(uri).length === 0 ? true : undefined));
      await isReported;
      await vscode.workspace.fs.delete(dataset);
      await diagnosticsOf(uri);
    } finally {
      await vscode.workspace.fs.delete(uri);
    }
    const unsaved = await vscode.workspace.openTextDocument({ language: 'dotprompt', content: `${text}{{#if}}` });
    assert.deepEqual((await diagnosticsOf(unsaved.uri)).map(codeOf), ['template-syntax']);
  });

  it('leaves hover, formatting and diagnostics to another extension if the setting says so', async () => {
    const settings = vscode.workspace.getConfiguration('llmops');
    const content = '---\nmodel:   demo/swift\n---\nHello {{name}} {{if}}';
    const document = await vscode.workspace.openTextDocument({ language: 'dotprompt', content });
    await diagnosticsOf(document.uri);
    await until(async () => ((await answersFor(document)) === 'hover, formatting' ? true : undefined));
    const name = 'language.deferToOtherExtensions';
    try {
      // the former name is still used, unless the new one is set
      await settings.update('language.yield', 'always', vscode.ConfigurationTarget.Global);
      await until(async () => (vscode.languages.getDiagnostics(document.uri).length === 0 ? true : undefined));
      await until(async () => ((await answersFor(document)) === '' ? true : undefined));
      await settings.update(name, 'never', vscode.ConfigurationTarget.Global);
      await diagnosticsOf(document.uri);
      await settings.update('language.yield', undefined, vscode.ConfigurationTarget.Global);
      await settings.update(name, 'always', vscode.ConfigurationTarget.Global);
      await until(async () => (vscode.languages.getDiagnostics(document.uri).length === 0 ? true : undefined));
    } finally {
      await settings.update('language.yield', undefined, vscode.ConfigurationTarget.Global);
      await settings.update(name, undefined, vscode.ConfigurationTarget.Global);
    }
    await diagnosticsOf(document.uri);
    await until(async () => ((await answersFor(document)) === 'hover, formatting' ? true : undefined));
  });

  it('keeps them next to an extension that contributes the language but has no code', async () => {
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

/** Prompts with an unclosed block in a separate folder; none is opened. */
async function writeBroken(count: number): Promise<vscode.Uri[]> {
  const files = Array.from({ length: count }, (_, at) => vscode.Uri.joinPath(folder(), 'broken', `b${at}.prompt`));
  const bytes = new TextEncoder().encode('One {{#if x}}\n');
  for (const uri of files) await vscode.workspace.fs.writeFile(uri, bytes);
  return files;
}

/** Which of the features that can be deferred respond. */
async function answersFor({ uri, lineCount }: vscode.TextDocument): Promise<string> {
  const end = new vscode.Position(lineCount - 1, 9);
  const [hovers, edits] = await Promise.all([
    vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', uri, end),
    vscode.commands.executeCommand<vscode.TextEdit[] | undefined>('vscode.executeFormatDocumentProvider', uri, {}),
  ]);
  return [hovers.length > 0 && 'hover', edits?.length && 'formatting'].filter(Boolean).join(', ');
}

/** Settles when VS Code reports the new file. */
function created(file: vscode.Uri): Promise<void> {
  const watcher = vscode.workspace.createFileSystemWatcher(file.fsPath);
  const reported = new Promise<void>((resolve) => watcher.onDidCreate(() => resolve()));
  return reported.finally(() => watcher.dispose());
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
