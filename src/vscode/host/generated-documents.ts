import * as vscode from 'vscode';

const SCHEME = 'llmops-generated';
/** Contents by URI path, dropped when their document closes: nothing is written to disk. */
const contents = new Map<string, string>();
let opened = 0;

/** Read-only documents made by the extension, such as a raw request: no file, no "save?" on closing. */
export function registerGeneratedDocuments(): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
      provideTextDocumentContent: (uri) => contents.get(uri.path) ?? '',
    }),
    vscode.workspace.onDidCloseTextDocument((document) => {
      if (document.uri.scheme === SCHEME) contents.delete(document.uri.path);
    }),
  );
}

/** The address of a document that has this text as long as it is open. */
export function generatedUri(name: string, text: string): vscode.Uri {
  const path = `/${++opened}/${name.replaceAll('/', '-')}`;
  contents.set(path, text);
  return vscode.Uri.from({ scheme: SCHEME, path });
}

export async function openGenerated(name: string, text: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument(generatedUri(name, text));
  await vscode.window.showTextDocument(document, { preview: true });
}
