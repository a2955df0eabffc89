import * as vscode from 'vscode';
import { LANGUAGE_ID } from '../../host/contributions.ts';
import { VERSION_SCHEME, versionPlace } from '../documents/version-documents.ts';

/** Above an old version: what it is, and what can be done with it. */
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
          lens('$(diff) Compare with previous', 'llmops.version.comparePrevious', 'What this version changed'),
          lens('$(discard) Restore', 'llmops.version.restore', 'Write this text into the file, as an edit'),
          lens('$(tag) Set label', 'llmops.label.set', `Set or move a label to ${place.name}`),
          lens('$(history) Versions', 'llmops.version.history', 'All versions of this prompt'),
        ];
      },
    },
  );
}
