import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { root } from '../../bed/vscode-host.mjs';
import themes from './themes.json' with { type: 'json' };

export type Theme = keyof typeof themes;

/** The visible part of what VS Code itself puts into every webview. */
const EDITOR_STYLES = `
  body { background-color: transparent; color: var(--vscode-editor-foreground); font-family: var(--vscode-font-family);
    font-weight: var(--vscode-font-weight); font-size: var(--vscode-font-size); margin: 0; padding: 0 20px; }
  img, video { max-width: 100%; max-height: 100%; }
  a, a code { color: var(--vscode-textLink-foreground); }
  a:focus, input:focus, select:focus, textarea:focus { outline: 1px solid -webkit-focus-ring-color; outline-offset: -1px; }
  code { font-family: var(--monaco-monospace-font); color: var(--vscode-textPreformat-foreground);
    background-color: var(--vscode-textPreformat-background); padding: 1px 3px; border-radius: 4px; }
  blockquote { background: var(--vscode-textBlockQuote-background); border-color: var(--vscode-textBlockQuote-border); }
  ::-webkit-scrollbar { width: 10px; height: 10px; }
  ::-webkit-scrollbar-thumb { background-color: var(--vscode-scrollbarSlider-background); }`;

const FONTS = {
  'font-family': 'system-ui, "Open Sans", sans-serif',
  'font-size': '13px',
  'font-weight': 'normal',
  'editor-font-family': '"Source Code Pro", monospace',
  'editor-font-size': '13px',
};

const PANELS = ['evaluation', 'compare', 'runs'];

function page(panel: string, theme: Theme): string {
  const variables = Object.entries({ ...themes[theme], ...FONTS }).map(
    ([name, value]) => `--vscode-${name}: ${value};`,
  );
  const policy = `default-src 'none'; script-src 'nonce-N'; style-src 'self' 'nonce-N'; style-src-attr 'unsafe-inline'; font-src 'self'`;
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>${panel}</title>
    <meta http-equiv="Content-Security-Policy" content="${policy}"><meta property="csp-nonce" content="N">
    <style nonce="N">:root { ${variables.join(' ')} } html { background: var(--vscode-editor-background); } ${EDITOR_STYLES}</style>
    <link rel="stylesheet" href="codicon.css"><link rel="stylesheet" href="${panel}.css">
    </head><body class="vscode-${theme}"><div id="root"></div><script nonce="N" src="${panel}.js"></script></body></html>`;
}

const TYPES: Record<string, string> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.ttf': 'font/ttf',
  '': 'text/html',
};

/** The built panels on a separate server, as VS Code would show them: `/dark` is Compare, `/runs/dark` the table. */
export async function servePanel(): Promise<{ url: string; close(): void }> {
  const folder = path.join(root, 'dist/webview');
  const files = new Map(readdirSync(folder).map((name) => [name, readFileSync(path.join(folder, name))]));
  const server: Server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const name = path.basename(pathname);
    const panel = PANELS.find((one) => pathname.startsWith(`/${one}/`)) ?? 'compare';
    const body = name in themes ? page(panel, name as Theme) : files.get(name);
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': TYPES[path.extname(name)] ?? 'text/plain' });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

/** The host's side, inside the page: answers calls as scripted, records them, sends events. */
export const hostScript = readFileSync(path.join(import.meta.dirname, 'fake-host.js'), 'utf8');
