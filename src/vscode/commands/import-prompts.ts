import path from 'node:path';
import * as vscode from 'vscode';
import type { ChannelLog } from '../adapters/log.ts';
import { plainMessage } from '../adapters/plain-text.ts';
import { registerCommand } from './run-command.ts';

export function registerImportCommand({ log }: { log: ChannelLog }): vscode.Disposable {
  return registerCommand('llmops.prompts.import', log, (files) => importFiles(files, log));
}

/** Asks for files of other tools where none are given, writes prompts beside them and opens the first. */
async function importFiles(given: unknown, log: ChannelLog): Promise<void> {
  const uris = given instanceof vscode.Uri ? [given] : await chooseFiles();
  if (!uris) return;
  const { importPrompts } = await import('../../core/prompts/import/import-prompts.ts');
  const { writeImports } = await import('../../core/prompts/import/write-imports.ts');
  const written: string[] = [];
  const notes: string[] = [];
  for (const uri of uris) {
    const folder = path.dirname(uri.fsPath);
    const result = await importPrompts(path.basename(uri.fsPath), await readText(uri), {
      readFile: (relative) =>
        readText(uri.with({ path: vscode.Uri.file(path.resolve(folder, relative)).path })).catch(() => undefined),
    });
    written.push(...(await writeImports(result.prompts, folder, { port: portOf(uri) })));
    notes.push(...result.notes.map((note) => `${path.basename(uri.fsPath)}: ${note}`));
  }
  const [first] = written;
  if (first && uris[0]) await vscode.window.showTextDocument(fileUri(uris[0], first));
  await report(written, notes, log);
}

function chooseFiles(): Thenable<vscode.Uri[] | undefined> {
  return vscode.window.showOpenDialog({
    canSelectMany: true,
    openLabel: 'Import',
    title: 'Import Prompts',
    filters: {
      'Prompts of other tools': [
        'prompty',
        'yaml',
        'yml',
        'json',
        'jsonl',
        'py',
        'ipynb',
        'ts',
        'mts',
        'cts',
        'tsx',
        'js',
        'mjs',
        'cjs',
        'jsx',
        'txt',
        'md',
        'j2',
        'jinja',
        'jinja2',
        'njk',
      ],
      'All files': ['*'],
    },
  });
}

async function report(written: readonly string[], notes: readonly string[], log: ChannelLog): Promise<void> {
  const files = written.map((file) => path.basename(file)).join(', ');
  const what = `Imported ${written.length === 1 ? files : `${written.length} prompts: ${files}`}.`;
  if (notes.length === 0) {
    void vscode.window.showInformationMessage(plainMessage(what));
    return;
  }
  for (const note of notes) log.warn(note);
  const count = notes.length === 1 ? 'One thing' : `${notes.length} things`;
  const choice = await vscode.window.showWarningMessage(
    plainMessage(`${what} ${count} could not be carried.`),
    'Show What',
  );
  if (!choice) return;
  const content = `# Not carried by the import\n\n${notes.map((note) => `- ${note}`).join('\n')}\n`;
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'markdown', content }));
}

async function readText(uri: vscode.Uri): Promise<string> {
  return Buffer.from(await vscode.workspace.fs.readFile(uri)).toString('utf8');
}

function fileUri(beside: vscode.Uri, file: string): vscode.Uri {
  return beside.with({ path: vscode.Uri.file(file).path });
}

function portOf(beside: vscode.Uri) {
  return {
    exists: (file: string) =>
      Promise.resolve(vscode.workspace.fs.stat(fileUri(beside, file))).then(
        () => true,
        () => false,
      ),
    async create(file: string, text: string) {
      const edit = new vscode.WorkspaceEdit();
      edit.createFile(fileUri(beside, file), { contents: Buffer.from(text), overwrite: false, ignoreIfExists: false });
      if (!(await vscode.workspace.applyEdit(edit))) throw new Error(`${file} could not be written.`);
    },
  };
}
