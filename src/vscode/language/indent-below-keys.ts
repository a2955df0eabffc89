import * as vscode from 'vscode';
import type { Log } from '../../core/base/ports.ts';
import { LANGUAGE_ID } from '../contributions.ts';
import { orNothing } from './language-context.ts';

/** Keys may be typed while the edit is under way, which then is refused. */
const MAX_TRIES = 5;

/**
 * Enter below `input:` indents. A rule of the language's configuration cannot: VS Code asks the YAML that is embedded for
 * its rules there, and a rule sees two lines, which may be an example in the template.
 */
export function registerIndentBelowKeys(log: Log): vscode.Disposable {
  return vscode.workspace.onDidChangeTextDocument(({ document, contentChanges, reason }) => {
    const editor = vscode.window.activeTextEditor;
    const [change, ...more] = contentChanges;
    if (!change || more.length > 0 || reason !== undefined || editor?.document !== document) return;
    if (document.languageId !== LANGUAGE_ID || !/^\r?\n[ \t]*$/.test(change.text)) return;
    const automatic = vscode.workspace.getConfiguration('editor', document).get<string>('autoIndent');
    if (automatic === 'none' || automatic === 'keep') return;
    void orNothing(log, 'The indentation below a key', () => indentBelow(editor, change.range.start.line));
  });
}

async function indentBelow(editor: vscode.TextEditor, line: number): Promise<void> {
  const { opensKey } = await import('../../core/prompts/language/indent-below.ts');
  const { document } = editor;
  const { tabSize, insertSpaces } = editor.options;
  const step = insertSpaces === false ? '\t' : ' '.repeat(typeof tabSize === 'number' ? tabSize : 2);
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    if (
      line + 1 >= document.lineCount ||
      !opensKey(document.getText(), document.offsetAt(new vscode.Position(line, 0)))
    )
      return;
    const margin = (at: number) => document.lineAt(at).firstNonWhitespaceCharacterIndex;
    if (margin(line + 1) !== margin(line)) return;
    const place = new vscode.Position(line + 1, margin(line + 1));
    // One undo takes the line back with its margin.
    const once = { undoStopBefore: false, undoStopAfter: false };
    if (await editor.edit((edit) => edit.insert(place, step), once)) return;
  }
}
