import path from 'node:path';
import * as vscode from 'vscode';
import type { PromptAction } from '../../../core/language/code-actions/prompt-action.ts';
import type { Diagnostic } from '../../../core/prompts/prompt.ts';
import { PromptDiagnostic } from '../../shell/to-diagnostic.ts';
import { analyzedDocument } from '../workspace/analyzed-documents.ts';
import { exampleRows } from '../workspace/example-rows.ts';
import { guardFeature, type LanguageContext, pathOf, SELECTOR, toRange } from './language-context.ts';

const KINDS: Record<PromptAction['kind'], vscode.CodeActionKind> = {
  quickfix: vscode.CodeActionKind.QuickFix,
  'refactor.extract': vscode.CodeActionKind.RefactorExtract,
  'refactor.inline': vscode.CodeActionKind.RefactorInline,
  'refactor.rewrite': vscode.CodeActionKind.RefactorRewrite,
};

/** Called only by an action of ours, so it is not in the palette. */
const RENAME_PARTIAL = 'llmops.language.renamePartial';

/** Quick fixes for diagnostics, and refactorings of the selection. */
export function registerPromptActions(context: LanguageContext): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.languages.registerCodeActionsProvider(
      SELECTOR,
      {
        provideCodeActions: (document, range, { diagnostics, only }) =>
          guardFeature(context.log, 'Finding code actions', async () => {
            const actions = await findActions(context, document, { range, diagnostics });
            return actions.filter(({ kind }) => !only || (kind && only.contains(kind)));
          }),
      },
      { providedCodeActionKinds: Object.values(KINDS) },
    ),
    vscode.commands.registerCommand(RENAME_PARTIAL, renamePartial),
  );
}

/**
 * Asks for the name of the partial that an action has just put at the selection. The command has no arguments: VS Code
 * drops those of an action as soon as it asks for actions again, which can be before a slow edit has been applied.
 */
async function renamePartial(): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return;
  const { document, selection } = editor;
  const [{ nameOfCall }, analyzed] = await Promise.all([
    import('../../../core/language/code-actions/extract-partial.ts'),
    analyzedDocument(document),
  ]);
  const name = nameOfCall(analyzed, {
    start: document.offsetAt(selection.start),
    end: document.offsetAt(selection.end),
  });
  if (!name) return;
  await vscode.commands.executeCommand('editor.action.rename', [document.uri, document.positionAt(name.start)]);
}

interface Place {
  range: vscode.Range;
  diagnostics: readonly vscode.Diagnostic[];
}

async function findActions(
  { workspace }: LanguageContext,
  document: vscode.TextDocument,
  { range, diagnostics }: Place,
): Promise<vscode.CodeAction[]> {
  const [{ promptActions }, analyzed, index] = await Promise.all([
    import('../../../core/language/code-actions/code-actions.ts'),
    analyzedDocument(document),
    workspace.index(),
  ]);
  const own = diagnostics.filter(({ source }) => source === 'LLMOps');
  const plain = own.map((diagnostic) => toPlain(document, diagnostic));
  const files = new Set(index.prompts().map((prompt) => prompt.path));
  const needsRows = plain.some(({ code }) => code === 'undefined-variable');
  const actions = promptActions({
    analyzed,
    selection: { start: document.offsetAt(range.start), end: document.offsetAt(range.end) },
    diagnostics: plain,
    path: pathOf(document),
    workspace: index,
    examples: needsRows ? await exampleRows(document) : undefined,
    exists: (file) => files.has(file),
  });
  return actions.map((action) => {
    const made = toCodeAction(document, action);
    const at = action.diagnostic ? plain.indexOf(action.diagnostic) : -1;
    const fixed = own[at];
    if (fixed) made.diagnostics = [fixed];
    return made;
  });
}

function toPlain(document: vscode.TextDocument, diagnostic: vscode.Diagnostic): Diagnostic {
  const { code, message, range } = diagnostic;
  const value = typeof code === 'object' ? code.value : code;
  const data = diagnostic instanceof PromptDiagnostic ? diagnostic.data : undefined;
  const at = { start: document.offsetAt(range.start), end: document.offsetAt(range.end) };
  return { code: String(value), severity: 'warning', message, range: at, ...(data ? { data } : {}) };
}

function toCodeAction(document: vscode.TextDocument, action: PromptAction): vscode.CodeAction {
  const made = new vscode.CodeAction(action.title, KINDS[action.kind]);
  made.isPreferred = action.preferred === true;
  made.edit = new vscode.WorkspaceEdit();
  if (action.create) {
    // Relative to the document's own URI, which may not be a file. The new file may be in a folder below it.
    const below = path.relative(path.dirname(document.uri.fsPath), action.create.path).split(path.sep).join('/');
    const uri = document.uri.with({ path: path.posix.join(path.posix.dirname(document.uri.path), below) });
    made.edit.createFile(uri, { overwrite: false });
    made.edit.insert(uri, new vscode.Position(0, 0), action.create.text);
  }
  if (action.asksName) made.command = { title: 'Rename', command: RENAME_PARTIAL };
  for (const { range, text } of action.edits) made.edit.replace(document.uri, toRange(document, range), text);
  return made;
}
