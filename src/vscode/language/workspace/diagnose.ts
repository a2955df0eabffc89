import * as vscode from 'vscode';
import { FileRefusal } from '../../../core/base/files/read-file.ts';
import type { FileFinding } from '../../../core/language/diagnostics/check-context.ts';
import type { SyntaxTree } from '../../../core/language/syntax/tree.ts';
import type { WorkspaceIndex } from '../../../core/language/workspace/workspace-index.ts';
import type { Diagnostic } from '../../../core/prompts/prompt.ts';
import { readSetting } from '../../host/settings.ts';
import { requireInWorkspace } from '../../host/workspace-files.ts';
import { toDiagnostic } from '../../shell/to-diagnostic.ts';
import { analyzedDocument } from './analyzed-documents.ts';
import { defersLanguage } from './defer-language.ts';
import type { PromptWorkspace } from './prompt-workspace.ts';
import type { TypingState } from './typing-state.ts';

interface DiagnoseDeps {
  extensionUri: vscode.Uri;
  workspace: PromptWorkspace;
}

/** The diagnostics of a document in the editor; with `typing`, without those of text that is being typed. */
export async function diagnose(
  document: vscode.TextDocument,
  deps: DiagnoseDeps,
  typing?: TypingState,
): Promise<vscode.Diagnostic[]> {
  if (defersLanguage()) return [];
  const [{ checkPrompt }, { withChosenSeverity }, { withoutIncompleteLines }, index, analyzed] = await Promise.all([
    import('../../../core/language/diagnostics/check-prompt.ts'),
    import('../../../core/language/diagnostics/chosen-severity.ts'),
    import('../../../core/language/diagnostics/incomplete-lines.ts'),
    deps.workspace.index(),
    analyzedDocument(document),
  ]);
  // text that was typed during loading is checked in the next turn
  const path = document.uri.scheme === 'file' ? document.uri.fsPath : undefined;
  const settings = { severity: readSetting('diagnostics.severity', document.uri) };
  const isFile = await lookForDataset(analyzed.tree, path);
  const all = checkPrompt(analyzed.tree.source, { path, workspace: index, settings, analyzed, isFile });
  const found = typing ? withoutIncompleteLines(all, analyzed.tree, typing.of(document)) : all;
  found.unshift(...withChosenSeverity(refusalOf(index, path), settings.severity));
  return Promise.all(found.map((problem) => toDiagnostic(problem, (offset) => document.positionAt(offset), deps)));
}

/** The diagnostics of a file that is not open. */
export async function diagnoseFile(path: string, deps: DiagnoseDeps): Promise<vscode.Diagnostic[]> {
  const index = await deps.workspace.index();
  if (defersLanguage()) return [];
  const settings = { severity: readSetting('diagnostics.severity', vscode.Uri.file(path)) };
  const [{ checkPrompt }, { withChosenSeverity }, { analyzePrompt }, { positionAt }] = await Promise.all([
    import('../../../core/language/diagnostics/check-prompt.ts'),
    import('../../../core/language/diagnostics/chosen-severity.ts'),
    import('../../../core/language/analysis/analyze.ts'),
    import('../../../core/prompts/position.ts'),
  ]);
  const source = index.prompts().find((prompt) => prompt.path === path)?.source;
  if (source === undefined) {
    const refusals = withChosenSeverity(refusalOf(index, path), settings.severity);
    return Promise.all(refusals.map((one) => toDiagnostic(one, () => FILE_START, deps)));
  }
  const at = (offset: number) => {
    const { line, column } = positionAt(source, offset);
    return new vscode.Position(line - 1, column - 1);
  };
  const analyzed = analyzePrompt(source);
  const isFile = await lookForDataset(analyzed.tree, path);
  const found = checkPrompt(source, { path, workspace: index, settings, analyzed, isFile });
  return Promise.all(found.map((problem) => toDiagnostic(problem, at, deps)));
}

const FILE_START = new vscode.Position(0, 0);

/** A link out of the workspace is not run, whatever its editor shows. */
function refusalOf(index: WorkspaceIndex, path: string | undefined): Diagnostic[] {
  const refusal = index.refused().find((one) => one.path === path);
  if (!refusal) return [];
  const { reason, place } = refusal;
  const start = place?.offset ?? 0;
  const range = { start, end: place ? start + 1 : start };
  return [{ code: place ? 'invalid-encoding' : 'unreadable-file', severity: 'error', message: reason, range }];
}

/** Checks the disk before the check itself, which is synchronous. */
async function lookForDataset(
  tree: SyntaxTree,
  from: string | undefined,
): Promise<((file: string) => FileFinding) | undefined> {
  const { namedDataset } = await import('../../../core/language/diagnostics/check-dataset.ts');
  const dataset = namedDataset(tree, from);
  if (!dataset) return undefined;
  const found = await findFile(dataset.file, from);
  return (file) => (file === dataset.file ? found : undefined);
}

/** Undefined if unknown, for example if a folder is not readable. */
async function findFile(file: string, from: string | undefined): Promise<FileFinding> {
  const uri = vscode.Uri.file(file);
  try {
    if (from !== undefined) await requireInWorkspace(uri, { from: vscode.Uri.file(from) });
    const { type } = await vscode.workspace.fs.stat(uri);
    return (type & vscode.FileType.File) !== 0;
  } catch (error) {
    if (error instanceof FileRefusal) return error.reason === 'outside' ? 'outside' : false;
    return error instanceof vscode.FileSystemError && error.code === 'FileNotFound' ? false : undefined;
  }
}
