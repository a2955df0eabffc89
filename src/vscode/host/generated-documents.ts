import * as vscode from 'vscode';

const SCHEME = 'llmops-generated';
/** Contents by URI path, deleted when their document closes. Nothing is written to disk. */
const contents = new Map<string, string>();
let opened = 0;

/**
 * Read-only documents that the extension generates, such as a raw request. They are not files, so VS Code does not ask
 * to save them.
 */
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

/** The URI of a document that has this text while it is open. */
export function generatedUri(name: string, text: string): vscode.Uri {
  const path = `/${++opened}/${name.replaceAll('/', '-')}`;
  contents.set(path, text);
  return vscode.Uri.from({ scheme: SCHEME, path });
}

export async function openGenerated(name: string, text: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument(generatedUri(name, text));
  await vscode.window.showTextDocument(document, { preview: true });
}
