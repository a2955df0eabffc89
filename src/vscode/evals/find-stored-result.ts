import * as vscode from 'vscode';
import { UserError } from '../../core/base/errors.ts';
import type { EvalRecord } from '../../core/store/evals/eval-record.ts';
import type { Workbench } from '../../core/workbench.ts';
import type { Workbenches } from '../host/workbenches.ts';

interface StoredResult {
  record: EvalRecord;
  workbench: Workbench;
  /** Undefined in a window without a folder. */
  folder: vscode.Uri | undefined;
}

/**
 * A result as it is now, in the folder whose history has it: a panel stays open while another folder is in use. Throws
 * UserError `unknown-result`.
 */
export async function findStoredResult(workbenches: Workbenches, id: string): Promise<StoredResult> {
  const folders = vscode.workspace.workspaceFolders?.map(({ uri }) => uri) ?? [];
  for (const folder of folders.length > 0 ? folders : [undefined]) {
    if (!(await workbenches.hasHistory(folder))) continue;
    const workbench = await workbenches.for(folder);
    const record = await workbench.store.evals.get(id);
    if (record) return { record, workbench, folder };
  }
  throw new UserError('This result no longer exists.', {
    code: 'unknown-result',
    hint: 'It was deleted, here or in another window.',
  });
}
