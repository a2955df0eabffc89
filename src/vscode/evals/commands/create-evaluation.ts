import path from 'node:path';
import * as vscode from 'vscode';
import { createFile } from '../../../core/base/files/create-file.ts';
import { promptName } from '../../../shared/prompt-name.ts';
import { plainLabel } from '../../host/plain-text.ts';
import { requireInWorkspace } from '../../host/workspace-files.ts';
import { requireTrust } from '../../shell/prompt-targets.ts';
import { choosePromptAndDataset, draftEvaluation, folderFor } from './draft-evaluation.ts';
import type { EvaluationCommandDeps } from './evaluation-targets.ts';

/** Writes an evaluation file for a prompt and a dataset, with metrics that fit both, and opens it. */
export async function createEvaluation(deps: EvaluationCommandDeps, target: unknown): Promise<void> {
  requireTrust();
  const chosen = await choosePromptAndDataset(deps, target, { title: 'Create Evaluation', offersInlineRows: true });
  if (!chosen) return;
  const [draft, { writeEvalFile }] = await Promise.all([
    draftEvaluation(chosen, { withBaseline: true }),
    import('../../../core/evals/file/write-eval-file.ts'),
  ]);
  const uri = await writeNewFile(await folderFor(chosen), promptName(chosen.uri.path), writeEvalFile(draft));
  await vscode.window.showTextDocument(uri);
  vscode.window.setStatusBarMessage(`$(check) Created ${plainLabel(vscode.workspace.asRelativePath(uri))}.`, 8000);
  deps.view.refresh();
}

/** Never replaces a file: the next free name is used. */
async function writeNewFile(folder: string, name: string, text: string): Promise<vscode.Uri> {
  for (let count = 1; ; count++) {
    const uri = vscode.Uri.file(path.join(folder, `${name}${count === 1 ? '' : `-${count}`}.eval.yaml`));
    await requireInWorkspace(uri);
    try {
      await createFile(uri.fsPath, text);
      return uri;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
