import * as vscode from 'vscode';

export function folder(): vscode.Uri {
  const [first] = vscode.workspace.workspaceFolders ?? [];
  if (!first) throw new Error('The host suite needs a workspace folder.');
  return first.uri;
}

export async function openPrompt(path: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder(), path));
  await vscode.window.showTextDocument(document);
  return document;
}

/** Asks again until there is a result; the suite's own timeout ends endless waits. */
export async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  // Ends before the test does, so that the error names the line that waited.
  const late = new Error('It did not happen in 18 seconds.');
  const latestAt = Date.now() + 18_000;
  while (Date.now() < latestAt) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw late;
}
