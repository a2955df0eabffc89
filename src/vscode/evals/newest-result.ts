import type * as vscode from 'vscode';
import type { EvalListed } from '../../core/store/evals/eval-record.ts';
import type { Workbenches } from '../host/workbenches.ts';

/** The newest result of an evaluation file; a running one counts. Reading must not create a database. */
export async function newestResultOf(workbenches: Workbenches, uri: vscode.Uri): Promise<EvalListed | undefined> {
  const file = relativeTo(workbenches, uri);
  if (file === undefined || !(await workbenches.hasHistory(uri))) return undefined;
  const { store } = await workbenches.for(uri);
  return (await store.evals.list({ file, limit: 1 }))[0];
}

/** As results record it; undefined outside of the workspace. */
export function relativeTo(workbenches: Workbenches, uri: vscode.Uri): string | undefined {
  const folder = workbenches.folderOf(uri);
  return folder && uri.path.startsWith(`${folder.uri.path}/`) ? uri.path.slice(folder.uri.path.length + 1) : undefined;
}
