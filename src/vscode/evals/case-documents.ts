import * as vscode from 'vscode';
import { UserError } from '../../core/base/errors.ts';
import type { StoredCase } from '../../core/store/evals/eval-record.ts';
import { type CaseSource, editCase, findCaseOffset } from '../../panels/evaluation/case-source.ts';
import type { CaseChanges } from '../../protocol/evaluation.ts';

interface PlacedCase {
  stored: StoredCase;
  source: CaseSource | undefined;
}

/** Changes the row of a case in its document, where the user can undo it. It is saved if the user's editor saves by itself. */
export async function editCaseRow(
  { stored, source }: PlacedCase,
  changes: CaseChanges,
): Promise<{ isAutoSaved: boolean }> {
  const document = await openSource(source);
  const edits = await editCase(requireSource(source), document.getText(), { stored, changes });
  const edit = new vscode.WorkspaceEdit();
  for (const { start, end, text } of edits) {
    edit.replace(document.uri, new vscode.Range(document.positionAt(start), document.positionAt(end)), text);
  }
  if (await vscode.workspace.applyEdit(edit)) {
    const autoSave = vscode.workspace.getConfiguration('files', document).get<string>('autoSave', 'off');
    return { isAutoSaved: autoSave !== 'off' };
  }
  throw new UserError(`The row could not be changed in ${vscode.workspace.asRelativePath(document.uri)}.`, {
    code: 'usage',
    hint: 'The file may be read-only.',
  });
}

/** Shows the row of a case in its file, beside the panel if there is another group. */
export async function showCaseRow({ stored, source }: PlacedCase): Promise<void> {
  const document = await openSource(source);
  const position = document.positionAt(await findCaseOffset(requireSource(source), document.getText(), stored));
  const selection = new vscode.Range(position, position);
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One, selection });
}

async function openSource(source: CaseSource | undefined): Promise<vscode.TextDocument> {
  const { file } = requireSource(source);
  try {
    return await vscode.workspace.openTextDocument(vscode.Uri.file(file));
  } catch (cause) {
    throw new UserError(`The file ${vscode.workspace.asRelativePath(file)} could not be opened.`, {
      code: 'unreadable-file',
      hint: 'It may have been deleted, or is too large for an editor.',
      cause,
    });
  }
}

function requireSource(source: CaseSource | undefined): CaseSource {
  if (source) return source;
  throw new UserError('The file with the row of this case is not known.', {
    code: 'usage',
    hint: 'Run the evaluation again.',
  });
}
