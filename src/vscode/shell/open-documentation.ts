import * as vscode from 'vscode';

const PAGES: readonly { page: string; label: string; detail: string }[] = [
  { page: 'prompts', label: 'Prompt Files', detail: 'The format, inputs, media, tools, the editor, import and export' },
  { page: 'compare', label: 'Compare and Runs', detail: 'The Compare panel, repeats, datasets, the Runs view' },
  { page: 'versions', label: 'Versions', detail: 'Saving, labels, results, comparing, push and fetch' },
  { page: 'models', label: 'Models and Cost', detail: 'Connections, keys, proxies, prices, budgets' },
  { page: 'command-line', label: 'Command Line', detail: 'Commands, exit codes, keys in CI, JSON output' },
  { page: 'diagnostics', label: 'Diagnostics', detail: 'All diagnostics by code' },
];

/** Shows a page of the documentation in VS Code's Markdown preview. Asks which one unless `page` names it. */
export async function openDocumentation(extensionUri: vscode.Uri, page?: unknown): Promise<void> {
  const chosen =
    PAGES.find((one) => one.page === page) ??
    (await vscode.window.showQuickPick(PAGES, { title: 'LLMOps Documentation', matchOnDetail: true }));
  if (!chosen) return;
  const file = vscode.Uri.joinPath(extensionUri, 'media', 'docs', `${chosen.page}.md`);
  await vscode.commands.executeCommand('markdown.showPreview', file);
}
