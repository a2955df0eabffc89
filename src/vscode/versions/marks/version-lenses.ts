import * as vscode from 'vscode';
import { LANGUAGE_ID } from '../../host/contributions.ts';
import { lensTitle } from '../../host/lens-title.ts';
import { VERSION_SCHEME, versionPlace } from '../documents/version-documents.ts';

/** Actions above the text of an old version. */
export function registerVersionLenses(): vscode.Disposable {
  return vscode.languages.registerCodeLensProvider(
    { language: LANGUAGE_ID, scheme: VERSION_SCHEME },
    {
      provideCodeLenses({ uri }) {
        const place = versionPlace(uri);
        if (place?.commit === undefined) return [];
        const top = new vscode.Range(0, 0, 0, 0);
        const lens = (title: string, command: string, tooltip: string) =>
          new vscode.CodeLens(top, { title, command, tooltip, arguments: [uri] });
        return [
          lens(
            lensTitle('diff', 'Compare with Previous'),
            'llmops.version.comparePrevious',
            'Show what this version changed',
          ),
          lens(
            lensTitle('discard', 'Restore'),
            'llmops.version.restore',
            'Replace the text of the file with this version (can be undone)',
          ),
          lens(lensTitle('tag', 'Set Label'), 'llmops.label.set', `Set a label on ${place.name}, or move one to it`),
          lens(lensTitle('history', 'Versions'), 'llmops.version.history', 'Show all versions of this prompt'),
        ];
      },
    },
  );
}
