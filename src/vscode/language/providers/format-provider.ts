import * as vscode from 'vscode';
import { unlessDeferred } from '../workspace/defer-language.ts';
import { guardFeature, type LanguageContext, SELECTOR, toRange } from './language-context.ts';

type Options = vscode.FormattingOptions;

/** Format Document, Format Selection, and formatting of a line when a tag is closed. */
export function registerFormatter({ log }: LanguageContext): vscode.Disposable {
  const edits = (document: vscode.TextDocument, options: Options, where?: vscode.Range) =>
    guardFeature(log, 'Formatting', () => formatEdits(document, options, where));
  const provider = {
    provideDocumentFormattingEdits: (document: vscode.TextDocument, options: Options) => edits(document, options),
    provideDocumentRangeFormattingEdits: (document: vscode.TextDocument, range: vscode.Range, options: Options) =>
      edits(document, options, range),
  };
  const onType = {
    provideOnTypeFormattingEdits: (
      document: vscode.TextDocument,
      at: vscode.Position,
      ch: string,
      options: Options,
    ) => {
      // After Enter, the previous line is formatted, so that the cursor does not move.
      const line = document.lineAt(ch === '\n' ? Math.max(0, at.line - 1) : at.line);
      return edits(document, options, line.range);
    },
  };
  return unlessDeferred(() =>
    vscode.Disposable.from(
      vscode.languages.registerDocumentFormattingEditProvider(SELECTOR, provider),
      vscode.languages.registerDocumentRangeFormattingEditProvider(SELECTOR, provider),
      vscode.languages.registerOnTypeFormattingEditProvider(SELECTOR, onType, '}', '\n'),
    ),
  );
}

async function formatEdits(
  document: vscode.TextDocument,
  options: Options,
  where?: vscode.Range,
): Promise<vscode.TextEdit[]> {
  const { formatPrompt } = await import('../../../core/language/formatting/format-prompt.ts');
  return formatPrompt(document.getText(), { tabSize: options.tabSize, insertSpaces: options.insertSpaces }).flatMap(
    ({ range, text }) => {
      const at = toRange(document, range);
      return where && !where.contains(at) ? [] : [vscode.TextEdit.replace(at, text)];
    },
  );
}
