import * as vscode from 'vscode';
import type { Typing } from '../../../core/language/diagnostics/incomplete-lines.ts';
import { LANGUAGE_ID } from '../../host/contributions.ts';

/** The pause after which text that is being typed is checked. */
const PAUSE_MS = 2000;

export interface TypingState extends vscode.Disposable {
  of(document: vscode.TextDocument): Typing;
  /** Diagnostics of text that was being typed can be shown. */
  onDidSettle: vscode.Event<vscode.TextDocument>;
}

/** Tracks where the user is typing. Undo and edits on other lines do not count. */
export function createTypingState(): TypingState {
  const settled = new vscode.EventEmitter<vscode.TextDocument>();
  const unsaved = new WeakSet<vscode.TextDocument>();
  let fresh: { document: vscode.TextDocument; line: number } | undefined;
  let timer: NodeJS.Timeout | undefined;

  const settle = () => {
    clearTimeout(timer);
    const document = fresh?.document;
    fresh = undefined;
    if (document) settled.fire(document);
  };
  /** Called when the document was saved manually, or left. Its text then counts as finished. */
  const finish = (document: vscode.TextDocument) => {
    const was = unsaved.delete(document);
    if (fresh?.document === document) settle();
    else if (was) settled.fire(document);
  };
  let active = vscode.window.activeTextEditor?.document;

  const onChange = ({ document, contentChanges, reason }: vscode.TextDocumentChangeEvent) => {
    const [change] = contentChanges;
    if (document.languageId !== LANGUAGE_ID || document !== active || !change) return;
    if (reason !== undefined) return;
    unsaved.add(document);
    const line = change.range.start.line + change.text.split('\n').length - 1;
    clearTimeout(timer);
    fresh = { document, line };
    timer = setTimeout(settle, PAUSE_MS);
  };
  const subscriptions = [
    settled,
    vscode.workspace.onDidChangeTextDocument(onChange),
    vscode.window.onDidChangeTextEditorSelection(({ textEditor, selections }) => {
      const isAway = !selections.some(({ active: { line } }) => line === fresh?.line);
      if (fresh?.document === textEditor.document && isAway) settle();
    }),
    vscode.workspace.onWillSaveTextDocument(({ document, reason }) => {
      if (reason === vscode.TextDocumentSaveReason.Manual) finish(document);
    }),
    vscode.window.onDidChangeActiveTextEditor((editor) => {
      const left = active;
      active = editor?.document;
      if (left && left !== active) finish(left);
    }),
  ];

  return {
    onDidSettle: settled.event,
    of(document) {
      const editor = vscode.window.activeTextEditor;
      const cursor = editor?.document === document ? editor.selection.active : undefined;
      const isFresh = fresh?.document === document && cursor?.line === fresh.line;
      return { offset: isFresh && cursor ? document.offsetAt(cursor) : undefined, unsaved: unsaved.has(document) };
    },
    dispose() {
      clearTimeout(timer);
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}
