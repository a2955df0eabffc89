import * as vscode from 'vscode';
import type { Log } from '../../../core/base/ports.ts';
import { LANGUAGE_ID } from '../../host/contributions.ts';

/** An edit is rejected if keys are typed in the meantime. */
const MAX_TRIES = 5;

/**
 * Indents after Enter below `input:`. The language configuration cannot do this: VS Code uses the rules of the embedded
 * YAML there, and a rule only sees two lines, which may be an example in the template.
 */
export function registerIndentBelowKeys(log: Log): vscode.Disposable {
  // One at a time: the indentation of a line depends on the key above it, whose edit may be in progress.
  let last = Promise.resolve();
  return vscode.workspace.onDidChangeTextDocument(({ document, contentChanges, reason }) => {
    const editor = vscode.window.activeTextEditor;
    const [change, ...more] = contentChanges;
    if (!change || more.length > 0 || reason !== undefined || editor?.document !== document) return;
    if (document.languageId !== LANGUAGE_ID || !/^\r?\n[ \t]*$/.test(change.text)) return;
    const automatic = vscode.workspace.getConfiguration('editor', document).get<string>('autoIndent');
    if (automatic === 'none' || automatic === 'keep') return;
    const { line } = change.range.start;
    const { lineCount } = document;
    if (marginOf(document, line + 1) !== marginOf(document, line)) return;
    last = last
      .then(() => indentBelow(editor, line, lineCount))
      .catch((error) => log.error('Could not indent the line below a key', error));
  });
}

const marginOf = (document: vscode.TextDocument, line: number) =>
  document.lineAt(line).firstNonWhitespaceCharacterIndex;

/**
 * `lineCount` is the count when Enter was pressed. If lines were removed since then, the next line may be a different
 * one.
 */
async function indentBelow(editor: vscode.TextEditor, line: number, lineCount: number): Promise<void> {
  const { opensKey } = await import('../../../core/language/completion/indent-below.ts');
  const { document } = editor;
  const { tabSize, insertSpaces } = editor.options;
  const step = insertSpaces === false ? '\t' : ' '.repeat(typeof tabSize === 'number' ? tabSize : 2);
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    if (document.lineCount < lineCount) return;
    if (!opensKey(document.getText(), document.offsetAt(new vscode.Position(line, 0)))) return;
    const indent = document.lineAt(line).text.slice(0, marginOf(document, line)) + step;
    const margin = marginOf(document, line + 1);
    if (margin >= indent.length) return;
    const place = new vscode.Position(line + 1, margin);
    // One undo removes the line with its indentation.
    const once = { undoStopBefore: false, undoStopAfter: false };
    if (await editor.edit((edit) => edit.insert(place, indent.slice(margin)), once)) return;
  }
}
