import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/**
 * The page of a panel. It contains no data, and loads scripts by nonce, and styles and fonts only from the extension's
 * folder.
 */
export function panelHtml(
  webview: vscode.Webview,
  extensionUri: vscode.Uri,
  panel: { name: string; title: string },
): string {
  const nonce = randomBytes(18).toString('base64');
  const asset = (file: string) =>
    webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', 'webview', file)).toString();
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    `style-src-attr 'unsafe-inline'`,
    `font-src ${webview.cspSource}`,
    // Not covered by default-src: navigation and forms must not lead elsewhere.
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <meta property="csp-nonce" content="${nonce}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${escapeHtml(panel.title)}</title>
  <link rel="stylesheet" href="${asset('codicon.css')}">
  <link rel="stylesheet" href="${asset(`${panel.name}.css`)}">
</head>
<body>
  <div id="root"></div>
  <script nonce="${nonce}" src="${asset(`${panel.name}.js`)}"></script>
</body>
</html>`;
}

/** A title contains a file name. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
