import * as vscode from 'vscode';
import { EXTENSION_ID, LANGUAGE_ID } from '../contributions.ts';
import { readSetting } from '../host/settings.ts';

/**
 * True where hover, formatting and diagnostics are left to another extension for the same language, so that nothing
 * shows twice. Asked at each use: an extension can be installed at any time.
 */
export function yieldsLanguage(): boolean {
  const chosen = readSetting('language.yield');
  return chosen === 'auto' ? vscode.extensions.all.some(isOtherLanguage) : chosen === 'always';
}

/** An extension without code only colours or names the language: there is nothing that could show twice. */
function isOtherLanguage({ id, packageJSON }: vscode.Extension<unknown>): boolean {
  if (id.toLowerCase() === EXTENSION_ID) return false;
  const { main, browser, contributes } = packageJSON as Partial<Record<'main' | 'browser' | 'contributes', unknown>>;
  if (main === undefined && browser === undefined) return false;
  const languages = (contributes as { languages?: unknown } | undefined)?.languages;
  return Array.isArray(languages) && languages.some((language) => (language as { id?: unknown })?.id === LANGUAGE_ID);
}

/** When `yieldsLanguage` may have another answer. */
export function onDidChangeYielding(listener: () => void): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.extensions.onDidChange(listener),
    vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration('llmops.language') && listener()),
  );
}

/**
 * Keeps a feature registered only while the language is not yielded: a formatter that answers nothing still makes
 * VS Code ask which of two formatters it is to use.
 */
export function unlessYielding(register: () => vscode.Disposable): vscode.Disposable {
  let registered: vscode.Disposable | undefined;
  const update = () => {
    const wanted = !yieldsLanguage();
    if (wanted) registered ??= register();
    else {
      registered?.dispose();
      registered = undefined;
    }
  };
  update();
  return vscode.Disposable.from(onDidChangeYielding(update), { dispose: () => registered?.dispose() });
}
