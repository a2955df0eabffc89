import * as vscode from 'vscode';
import type { Typing } from '../../../core/language/diagnostics/incomplete-lines.ts';
import { LANGUAGE_ID } from '../../host/contributions.ts';

/** The pause after which text that is being typed is checked. */
const PAUSE_MS = 2000;

/** Tracks where the user is typing. Undo and edits on other lines do not count. */
export class TypingState implements vscode.Disposable {
  readonly #settled = new vscode.EventEmitter<vscode.TextDocument>();
  /** Diagnostics of text that was being typed can be shown. */
  readonly onDidSettle = this.#settled.event;
  readonly #unsaved = new WeakSet<vscode.TextDocument>();
  #fresh: { document: vscode.TextDocument; line: number } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #active = vscode.window.activeTextEditor?.document;
  readonly #subscriptions = [
    this.#settled,
    vscode.workspace.onDidChangeTextDocument((event) => this.#onChange(event)),
    vscode.window.onDidChangeTextEditorSelection(({ textEditor, selections }) => {
      const isAway = !selections.some(({ active: { line } }) => line === this.#fresh?.line);
      if (this.#fresh?.document === textEditor.document && isAway) this.#settle();
    }),
    vscode.workspace.onWillSaveTextDocument(({ document, reason }) => {
      if (reason === vscode.TextDocumentSaveReason.Manual) this.#finish(document);
    }),
    vscode.window.onDidChangeActiveTextEditor((editor) => {
      const left = this.#active;
      this.#active = editor?.document;
      if (left && left !== this.#active) this.#finish(left);
    }),
  ];

  of(document: vscode.TextDocument): Typing {
    const editor = vscode.window.activeTextEditor;
    const cursor = editor?.document === document ? editor.selection.active : undefined;
    const isFresh = this.#fresh?.document === document && cursor?.line === this.#fresh.line;
    return { offset: isFresh && cursor ? document.offsetAt(cursor) : undefined, unsaved: this.#unsaved.has(document) };
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #settle(): void {
    clearTimeout(this.#timer);
    const document = this.#fresh?.document;
    this.#fresh = undefined;
    if (document) this.#settled.fire(document);
  }

  /** Called when the document was saved manually, or left. Its text then counts as finished. */
  #finish(document: vscode.TextDocument): void {
    const was = this.#unsaved.delete(document);
    if (this.#fresh?.document === document) this.#settle();
    else if (was) this.#settled.fire(document);
  }

  #onChange({ document, contentChanges, reason }: vscode.TextDocumentChangeEvent): void {
    const [change] = contentChanges;
    if (document.languageId !== LANGUAGE_ID || document !== this.#active || !change) return;
    if (reason !== undefined) return;
    this.#unsaved.add(document);
    const line = change.range.start.line + change.text.split('\n').length - 1;
    clearTimeout(this.#timer);
    this.#fresh = { document, line };
    this.#timer = setTimeout(() => this.#settle(), PAUSE_MS);
  }
}
