import path from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../../../core/base/errors.ts';
import type { Renaming } from '../../../core/language/navigation/rename.ts';
import type { FileOccurrence, LanguageFiles } from '../../../core/language/workspace/language-files.ts';
import { analyzedDocument } from '../workspace/analyzed-documents.ts';
import { filePath, fileUri, loadLanguageFiles } from '../workspace/language-files.ts';
import { guardFeature, type LanguageContext, rangeInText, SELECTOR, toRange } from './language-context.ts';

const loadReferences = () => import('../../../core/language/navigation/references.ts');
const loadRename = () => import('../../../core/language/navigation/rename.ts');

/** Definition, references and rename, across prompts, partials and datasets. */
export function registerReferences({ workspace, documents, log }: LanguageContext): vscode.Disposable {
  const find = async (
    document: vscode.TextDocument,
    position: vscode.Position,
    name: 'findReferences' | 'findDefinition',
  ) => {
    const [core, files] = await Promise.all([loadReferences(), loadLanguageFiles(workspace, document, { documents })]);
    const found = core[name](files, filePath(document.uri), document.offsetAt(position));
    return { files, found };
  };
  return vscode.Disposable.from(
    vscode.languages.registerDefinitionProvider(SELECTOR, {
      provideDefinition: (document, position) =>
        guardFeature(log, 'Go to Definition', async () => {
          const { files, found } = await find(document, position, 'findDefinition');
          return found.map((occurrence) => toLocation(files, occurrence));
        }),
    }),
    vscode.languages.registerReferenceProvider(SELECTOR, {
      provideReferences: (document, position, { includeDeclaration }) =>
        guardFeature(log, 'Finding references', async () => {
          const { files, found } = await find(document, position, 'findReferences');
          const wanted = found.filter(({ role }) => includeDeclaration || role !== 'declaration');
          return wanted.map((occurrence) => toLocation(files, occurrence));
        }),
    }),
    registerRename({ workspace, log }),
  );
}

function registerRename({ workspace, log }: Pick<LanguageContext, 'workspace' | 'log'>): vscode.Disposable {
  // Our own rename also renames the file and has already updated the calls.
  const ours = new Set<string>();
  return vscode.Disposable.from(
    vscode.languages.registerRenameProvider(SELECTOR, {
      async prepareRename(document, position) {
        const [{ renameTarget }, prompt] = await Promise.all([loadRename(), analyzedDocument(document)]);
        const target = renameTarget(prompt, document.offsetAt(position));
        if (!target)
          throw new Error('Only variables, fields of variables, block parameters and partials can be renamed.');
        return { range: toRange(document, target.range), placeholder: target.name };
      },
      async provideRenameEdits(document, position, newName) {
        const [{ renameSymbol }, files] = await Promise.all([loadRename(), loadLanguageFiles(workspace, document)]);
        const place = { path: filePath(document.uri), offset: document.offsetAt(position) };
        const renaming = inFull(() => renameSymbol(files, place, newName));
        for (const { from, to } of renaming.files) ours.add(`${from}\n${to}`);
        return toEdit(files, renaming);
      },
    }),
    vscode.workspace.onWillRenameFiles((event) => {
      const moved = event.files
        .map(({ oldUri, newUri }) => ({ from: oldUri.fsPath, to: newUri.fsPath }))
        .filter(({ from, to }) => !ours.delete(`${from}\n${to}`));
      const renamed = moved.filter(({ from, to }) => isRenamedPartial(from, to));
      if (renamed.length === 0) return;
      event.waitUntil(
        guardFeature(log, 'Updating the calls of a renamed partial', async () => {
          const [{ callEdits }, files] = await Promise.all([loadRename(), loadLanguageFiles(workspace)]);
          const edits = renamed.flatMap(({ from, to }) => callEdits(files, from, partialName(to)));
          return toEdit(files, { edits, files: [] });
        }),
      );
    }),
  );
}

/** VS Code only shows the message of a rename error, so the hint is appended. */
function inFull<T>(rename: () => T): T {
  try {
    return rename();
  } catch (error) {
    throw error instanceof UserError && error.hint ? new Error(`${error.message} ${error.hint}`) : error;
  }
}

/** A file that moves to another folder may become a different partial for each caller, so calls are not changed. */
function isRenamedPartial(from: string, to: string): boolean {
  return path.dirname(from) === path.dirname(to) && partialName(from) !== '' && partialName(to) !== '';
}

function partialName(file: string): string {
  return /^_(.+)\.prompt$/.exec(path.basename(file))?.[1] ?? '';
}

function textOf(files: LanguageFiles, file: string): string {
  return files.prompt(file)?.tree.source ?? files.text(file) ?? '';
}

function toLocation(files: LanguageFiles, { path: file, range }: FileOccurrence): vscode.Location {
  return new vscode.Location(fileUri(file), rangeInText(textOf(files, file), range));
}

function toEdit(files: LanguageFiles, renaming: Renaming): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  for (const { path: file, range, text } of renaming.edits) {
    edit.replace(fileUri(file), rangeInText(textOf(files, file), range), text);
  }
  for (const { from, to } of renaming.files) edit.renameFile(fileUri(from), fileUri(to));
  return edit;
}
