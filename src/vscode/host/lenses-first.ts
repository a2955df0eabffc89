import * as vscode from 'vscode';
import { LANGUAGE_ID } from './contributions.ts';
import { createQuietPeriod } from './quiet-period.ts';
import { readSetting } from './settings.ts';

/**
 * VS Code requests lenses about 250 ms after a provider is registered; `longestMs` limits the wait if it does not.
 * After an answer it waits for the lenses of every other extension, and requests them again when an extension
 * activates, hence `quietMs`.
 */
const lenses = createQuietPeriod({ longestMs: 1500, quietMs: 400 });

/**
 * If the window opens with a prompt, core and its parsers are loaded after the lenses. Loading them blocks the thread,
 * and meanwhile VS Code shows cached lenses that do nothing. VS Code also waits before it requests lenses again, for as
 * long as the previous requests took.
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

/** Resolves when heavy modules may be loaded. */
export function afterLenses(): Promise<void> {
  return lenses.ended();
}
