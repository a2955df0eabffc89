import * as vscode from 'vscode';
import { EXTENSION_ID, LANGUAGE_ID, type SettingName, type SettingTypes } from '../../host/contributions.ts';
import { readSetting } from '../../host/settings.ts';

/**
 * True if hover, formatting and diagnostics are left to another extension for the same language, so that nothing appears
 * twice. Read at each use, because an extension can be installed at any time.
 */
export function defersLanguage(): boolean {
  const chosen = readDeferral();
  return chosen === 'auto' ? vscode.extensions.all.some(isOtherLanguage) : chosen === 'always';
}

/** The former name applies if only it is set, so that existing settings still work. */
function readDeferral(): SettingTypes['language.deferToOtherExtensions'] {
  const name = 'language.deferToOtherExtensions';
  return isSet(name) || !isSet('language.yield') ? readSetting(name) : readSetting('language.yield');
}

function isSet(name: SettingName): boolean {
  const found = vscode.workspace.getConfiguration('llmops').inspect(name);
  return [found?.globalValue, found?.workspaceValue, found?.workspaceFolderValue].some((value) => value !== undefined);
}

/** An extension without code only has a grammar or a language ID, so nothing can appear twice. */
function isOtherLanguage({ id, packageJSON }: vscode.Extension<unknown>): boolean {
  if (id.toLowerCase() === EXTENSION_ID) return false;
  const { main, browser, contributes } = packageJSON as Partial<Record<'main' | 'browser' | 'contributes', unknown>>;
  if (main === undefined && browser === undefined) return false;
  const languages = (contributes as { languages?: unknown } | undefined)?.languages;
  return Array.isArray(languages) && languages.some((language) => (language as { id?: unknown })?.id === LANGUAGE_ID);
}

/** Fires when `defersLanguage` may have changed. */
export function onDidChangeDeferral(listener: () => void): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.extensions.onDidChange(listener),
    vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration('llmops.language') && listener()),
  );
}

/**
 * Keeps a feature registered only while the language is not left to another extension: a formatter that returns nothing
 * still makes VS Code ask which of two formatters to use.
 */
export function unlessDeferred(register: () => vscode.Disposable): vscode.Disposable {
  let registered: vscode.Disposable | undefined;
  const update = () => {
    const isOn = !defersLanguage();
    if (isOn) registered ??= register();
    else {
      registered?.dispose();
      registered = undefined;
    }
  };
  update();
  return vscode.Disposable.from(onDidChangeDeferral(update), { dispose: () => registered?.dispose() });
}
