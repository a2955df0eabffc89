import path from 'node:path';
import * as vscode from 'vscode';
import { isAbortError, UserError } from '../../core/base/errors.ts';
import { readUtf8 } from '../../core/base/files/text-encoding.ts';
import type { WritePort } from '../../core/prompts/import/write-imports.ts';
import { createFileReader } from '../host/files.ts';
import type { ChannelLog } from '../host/log.ts';
import { plainMessage } from '../host/plain-text.ts';
import { type RunningJob, showJobProgress, USUALLY_SHORT } from '../shell/job-progress.ts';
import type { WalkthroughSteps } from '../shell/walkthrough-steps.ts';

/** Imports the given files of other tools, or asks for files. Writes prompts to the workspace and opens the first. */
export async function importFiles(
  given: unknown,
  { steps, log }: { steps: WalkthroughSteps; log: ChannelLog },
): Promise<void> {
  const uris = given instanceof vscode.Uri ? [given] : await chooseFiles();
  if (!uris) return;
  const { written, notes } = await showJobProgress('Importing prompts', (job) => importEach(uris, job), USUALLY_SHORT);
  const [first] = written;
  if (first) steps.done('create');
  if (first && uris[0]) await vscode.window.showTextDocument(fileUri(uris[0], first));
  if (written.length > 0 || notes.length > 0) await report(written, notes, log);
}

/** Returns fewer results if it was cancelled. Files that were already written are kept. */
async function importEach(uris: readonly vscode.Uri[], { signal, report }: RunningJob) {
  const { importPrompts } = await import('../../core/prompts/import/import-prompts.ts');
  const { writeImports } = await import('../../core/prompts/import/write-imports.ts');
  const written: string[] = [];
  const notes: string[] = [];
  for (const [done, uri] of uris.entries()) {
    const name = path.basename(uri.fsPath);
    report({ done, total: uris.length, message: name });
    const readFile = await namedFiles(uri);
    const result = await importPrompts(name, await readText(uri), { readFile, signal }).catch((error: unknown) => {
      if (!isAbortError(error)) throw error;
    });
    if (!result || signal.aborted) break;
    written.push(...(await writeImports(result.prompts, await targetFolder(uri), { port: portOf(uri) })));
    notes.push(...result.notes.map((note) => `${name}: ${note}`));
  }
  return { written, notes };
}

const ENDINGS = [
  ...['prompty', 'yaml', 'yml', 'json', 'jsonl', 'py', 'ipynb', 'ts', 'mts', 'cts', 'tsx', 'js', 'mjs', 'cjs', 'jsx'],
  ...['txt', 'md', 'j2', 'jinja', 'jinja2', 'njk'],
];

function chooseFiles(): Thenable<vscode.Uri[] | undefined> {
  const active = activeFile();
  return vscode.window.showOpenDialog({
    canSelectMany: true,
    openLabel: 'Import',
    title: 'Import Prompts',
    ...(active ? { defaultUri: active } : {}),
    filters: { 'Prompts from Other Tools': ENDINGS, 'All Files': ['*'] },
  });
}

/** The file in the active editor, if it can be imported. */
function activeFile(): vscode.Uri | undefined {
  const uri = vscode.window.activeTextEditor?.document.uri ?? vscode.window.activeNotebookEditor?.notebook.uri;
  const ending = uri && path.extname(uri.path).slice(1).toLowerCase();
  return uri && vscode.workspace.fs.isWritableFileSystem(uri.scheme) && ENDINGS.includes(ending ?? '')
    ? uri
    : undefined;
}

/** The prompts folder of the workspace, or the folder of a file outside the workspace. */
async function targetFolder(uri: vscode.Uri): Promise<string> {
  const { promptsFolder } = await import('../../core/prompts/import/promptfoo/prompts-folder.ts');
  const folder = path.dirname(uri.fsPath);
  const root = vscode.workspace.getWorkspaceFolder(uri)?.uri.fsPath;
  if (root === undefined) return folder;
  return promptsFolder(folder, root);
}

/**
 * Files that the imported file refers to are only read in its workspace, or in its own folder if it has no workspace.
 */
async function namedFiles(uri: vscode.Uri) {
  const folder = path.dirname(uri.fsPath);
  const root = vscode.workspace.getWorkspaceFolder(uri)?.uri.fsPath ?? folder;
  if (uri.scheme === 'file') {
    const { namedFileReader } = await import('../../core/prompts/import/named-files.ts');
    return namedFileReader(folder, [root]);
  }
  const { isPathInside } = await import('../../core/base/files/read-file.ts');
  return async (relative: string) => {
    const file = path.resolve(folder, relative);
    if (!isPathInside(root, file)) {
      throw new UserError(`${file} is outside the workspace ${root}.`, { code: 'outside-workspace' });
    }
    return readText(fileUri(uri, file)).catch(() => undefined);
  };
}

async function report(written: readonly string[], notes: readonly string[], log: ChannelLog): Promise<void> {
  const prompts = written.filter((file) => file.endsWith('.prompt'));
  const files = prompts.map((file) => path.basename(file)).join(', ');
  const what = `Imported ${prompts.length === 1 ? files : `${prompts.length} prompts: ${files}`}.`;
  if (notes.length === 0) {
    void vscode.window.showInformationMessage(plainMessage(what));
    return;
  }
  for (const note of notes) log.warn(note);
  const count = notes.length === 1 ? 'One item' : `${notes.length} items`;
  const choice = await vscode.window.showWarningMessage(
    plainMessage(`${what} ${count} could not be imported.`),
    'Show Details',
  );
  if (!choice) return;
  const content = `# Not imported\n\n${notes.map((note) => `- ${note}`).join('\n')}\n`;
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'markdown', content }));
}

async function readText(uri: vscode.Uri): Promise<string> {
  const { MOST_IMPORT_BYTES, readImportFile, tooLargeToImport } = await import(
    '../../core/prompts/import/read-import-file.ts'
  );
  if (uri.scheme === 'file') return readImportFile(createFileReader(), uri.fsPath);
  const { size } = await vscode.workspace.fs.stat(uri);
  if (size > MOST_IMPORT_BYTES) throw tooLargeToImport(uri.path, size);
  return readUtf8(uri.path, await vscode.workspace.fs.readFile(uri));
}

function fileUri(beside: vscode.Uri, file: string): vscode.Uri {
  return beside.with({ path: vscode.Uri.file(file).path });
}

function portOf(beside: vscode.Uri): WritePort {
  return {
    exists: (file: string) =>
      Promise.resolve(vscode.workspace.fs.stat(fileUri(beside, file))).then(
        () => true,
        () => false,
      ),
    async create(file: string, text: string) {
      const edit = new vscode.WorkspaceEdit();
      edit.createFile(fileUri(beside, file), { contents: Buffer.from(text), overwrite: false, ignoreIfExists: false });
      if (!(await vscode.workspace.applyEdit(edit))) throw new Error(`Could not write ${file}.`);
    },
  };
}
