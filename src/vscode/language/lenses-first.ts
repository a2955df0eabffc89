import * as vscode from 'vscode';
import { LANGUAGE_ID } from '../contributions.ts';

/** VS Code asks for lenses a quarter of a second after it knows of them; without lenses nothing waits longer than this. */
const LONGEST_MS = 400;

let release: () => void = () => {};
let answered: Promise<void> = Promise.resolve();

/**
 * Where the window opens on a prompt, the parsers are loaded once the lenses are there: loading them takes the thread for as
 * long as VS Code shows lenses of its cache, which cannot act.
 */
export function putLensesFirst(): void {
  if (!vscode.window.visibleTextEditors.some(({ document }) => document.languageId === LANGUAGE_ID)) return;
  answered = new Promise((resolve) => {
    release = resolve;
    setTimeout(resolve, LONGEST_MS);
  });
}

export function lensesAnswered(): void {
  release();
}

/** Resolves when what is heavy may be loaded. */
export function afterLenses(): Promise<void> {
  return answered;
}
