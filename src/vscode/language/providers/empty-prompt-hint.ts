import path from 'node:path';
import * as vscode from 'vscode';
import { LANGUAGE_ID } from '../../host/contributions.ts';
import { VERSION_SCHEME } from '../../versions/documents/version-documents.ts';

const PROMPT_HINT = 'Type --- for front matter (model, inputs), or start with the text of the prompt.';
const PARTIAL_HINT = 'Type the text that prompts insert with ';

/** Shows a hint in an empty prompt. It is a decoration, not text of the file, and disappears with the first key. */
export function registerEmptyPromptHint(): vscode.Disposable {
  const type = vscode.window.createTextEditorDecorationType({
    after: { color: new vscode.ThemeColor('input.placeholderForeground') },
  });
  const update = (editor: vscode.TextEditor) => {
    const { document } = editor;
    if (document.languageId !== LANGUAGE_ID || document.uri.scheme === VERSION_SCHEME) return;
    const isEmpty = document.getText(new vscode.Range(0, 0, 1, 0)) === '' && document.lineCount === 1;
    editor.setDecorations(type, isEmpty ? [hintOf(document.uri)] : []);
  };
  const updateAll = () => vscode.window.visibleTextEditors.forEach(update);
  updateAll();
  return vscode.Disposable.from(
    type,
    vscode.window.onDidChangeVisibleTextEditors(updateAll),
    vscode.workspace.onDidOpenTextDocument(updateAll),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      for (const editor of vscode.window.visibleTextEditors) if (editor.document === document) update(editor);
    }),
  );
}

function hintOf({ path: file }: vscode.Uri): vscode.DecorationOptions {
  const partial = /^_(.+)\.prompt$/.exec(path.posix.basename(file))?.[1];
  const contentText = partial === undefined ? PROMPT_HINT : `${PARTIAL_HINT}{{> ${partial}}}.`;
  return { range: new vscode.Range(0, 0, 0, 0), renderOptions: { after: { contentText } } };
}
