import path from 'node:path';
import type * as vscode from 'vscode';
import { streamWorkspaceFile } from '../../host/workspace-files.ts';

/** Enough to see which fields may be missing. */
const ROWS = 50;

/** The first rows of the dataset in the front matter. Undefined if there is none or it cannot be read. */
export async function exampleRows(document: vscode.TextDocument): Promise<Record<string, unknown>[] | undefined> {
  const [{ parsePrompt }, { readFirstRows }] = await Promise.all([
    import('../../../core/prompts/parse.ts'),
    import('../../../core/datasets/read-rows.ts'),
  ]);
  const dataset = parsePrompt(document.getText()).prompt.ext.llmops?.dataset;
  if (typeof dataset !== 'string' || document.uri.scheme === 'untitled') return undefined;
  const file = path.posix.resolve(path.posix.dirname(document.uri.path), dataset);
  try {
    const bytes = streamWorkspaceFile(document.uri.with({ path: file }), { from: document.uri });
    return await readFirstRows(dataset, bytes, { limit: ROWS });
  } catch {
    return undefined;
  }
}
