import * as vscode from 'vscode';
import { LANGUAGE_ID } from './contributions.ts';
import { createQuietPeriod } from './quiet-period.ts';
import { readSetting } from './settings.ts';

/**
 * VS Code asks for lenses a quarter of a second after it knows of them; where it does not ask, nothing waits longer than
 * `longestMs`. After an answer it shows them once every extension has given its own, and an extension that starts makes it
 * ask again: hence `quietMs`.
 */
const lenses = createQuietPeriod({ longestMs: 1500, quietMs: 400 });

/**
 * Where the window opens on a prompt, core and its parsers are loaded once the lenses are there: loading them takes the
 * thread for as long as VS Code shows lenses of its cache, which cannot act. And before it asks again, which it does
 * whenever any extension adds lenses, it waits for as long as the answers took so far.
 */
export function putLensesFirst(): void {
  if (vscode.window.visibleTextEditors.some(({ document }) => showsLenses(document))) lenses.begin();
}

function showsLenses(document: vscode.TextDocument): boolean {
  if (document.languageId !== LANGUAGE_ID || !readSetting('codeLens.enabled', document.uri)) return false;
  return vscode.workspace.getConfiguration('editor', document).get('codeLens') !== false;
}

export function lensesAnswered(): void {
  lenses.note();
}

/** Resolves when what is heavy may be loaded. */
export function afterLenses(): Promise<void> {
  return lenses.ended();
}
