import * as vscode from 'vscode';
import { readSetting } from '../adapters/settings.ts';
import { EXTENSION_ID, LANGUAGE_ID } from '../contributions.ts';

/**
 * True where hover, formatting and diagnostics are left to another extension for the same language, so that nothing
 * shows twice. Asked at each use: an extension can be installed at any time.
 */
export function yieldsLanguage(): boolean {
  const chosen = readSetting('language.yield');
  return chosen === 'auto' ? hasOtherExtension() : chosen === 'always';
}

function hasOtherExtension(): boolean {
  return vscode.extensions.all.some(({ id, packageJSON }) => {
    if (id.toLowerCase() === EXTENSION_ID) return false;
    const { contributes } = packageJSON as { contributes?: { languages?: unknown } };
    const languages: unknown = contributes?.languages;
    return Array.isArray(languages) && languages.some((language) => (language as { id?: unknown })?.id === LANGUAGE_ID);
  });
}
