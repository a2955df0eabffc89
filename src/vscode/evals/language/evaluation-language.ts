import * as vscode from 'vscode';
import { plainMarkdown } from '../../host/plain-text.ts';
import { guardFeature } from '../../language/providers/language-context.ts';
import { type EvaluationLanguageDeps, registerNameDiagnostics } from './name-diagnostics.ts';

const SELECTOR: vscode.DocumentFilter = { scheme: 'file', pattern: '**/*.eval.yaml' };
const TRIGGERS = ['@', '/', ' ', '[', '"', "'"];
const KINDS = {
  prompt: vscode.CompletionItemKind.Class,
  version: vscode.CompletionItemKind.Reference,
  model: vscode.CompletionItemKind.Class,
  file: vscode.CompletionItemKind.File,
  column: vscode.CompletionItemKind.Field,
  value: vscode.CompletionItemKind.EnumMember,
};

/**
 * What an evaluation file names outside of itself: prompts, versions, models, datasets and columns. Its keys come from
 * the schema, which other YAML extensions know as well; these names only this extension knows.
 */
export function registerEvaluationLanguage(deps: EvaluationLanguageDeps): vscode.Disposable {
  const { log } = deps;
  return vscode.Disposable.from(
    registerNameDiagnostics(SELECTOR, deps),
    vscode.languages.registerCompletionItemProvider(
      SELECTOR,
      {
        provideCompletionItems: (document, position) =>
          guardFeature(log, 'Completion', () => complete(deps, document, position)),
      },
      ...TRIGGERS,
    ),
    vscode.languages.registerHoverProvider(SELECTOR, {
      provideHover: (document, position) => guardFeature(log, 'Hover', () => describe(deps, document, position)),
    }),
  );
}

async function complete(deps: EvaluationLanguageDeps, document: vscode.TextDocument, position: vscode.Position) {
  const [{ completeNames }, { EditorNames }] = await Promise.all([
    import('../../../core/evals/language/complete-names.ts'),
    import('./editor-names.ts'),
  ]);
  const names = new EditorNames(deps, document.uri);
  const context = { file: document.uri.fsPath, names };
  const offered = await completeNames(document.getText(), document.offsetAt(position), context);
  return offered?.items.map(({ label, kind, detail, insert }, order) => {
    const item = new vscode.CompletionItem(detail ? { label, description: detail } : label, KINDS[kind]);
    item.range = rangeIn(document, offered);
    item.insertText = insert;
    item.filterText = label;
    item.sortText = String(order).padStart(5, '0');
    return item;
  });
}

async function describe(deps: EvaluationLanguageDeps, document: vscode.TextDocument, position: vscode.Position) {
  const [{ describeName }, { EditorNames }] = await Promise.all([
    import('../../../core/evals/language/describe-name.ts'),
    import('./editor-names.ts'),
  ]);
  const context = { file: document.uri.fsPath, names: new EditorNames(deps, document.uri) };
  const found = await describeName(document.getText(), document.offsetAt(position), context);
  if (!found) return undefined;
  const text = new vscode.MarkdownString(found.lines.map(plainMarkdown).join('  \n'));
  return new vscode.Hover(text, rangeIn(document, found));
}

function rangeIn(document: vscode.TextDocument, { start, end }: { start: number; end: number }): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}
