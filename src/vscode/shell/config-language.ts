import * as vscode from 'vscode';
import type { ConfigKind } from '../../core/config/config-kind.ts';

const KINDS = { key: vscode.CompletionItemKind.Property, value: vscode.CompletionItemKind.EnumMember };

interface Options {
  selector: vscode.DocumentFilter;
  /** Evaluated each time, because an extension can be installed while the file is open. */
  isLeftToOther(): boolean;
}

/** Completion and hover of a configuration file from its schema. */
export function registerConfigLanguage(kind: ConfigKind, { selector, isLeftToOther }: Options): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.languages.registerCompletionItemProvider(selector, {
      async provideCompletionItems(document, position) {
        if (isLeftToOther()) return undefined;
        const [text, offset] = [document.getText(), document.offsetAt(position)];
        const [{ completeConfig }, schema] = await load(kind, text, offset);
        const offered = completeConfig(schema, text, offset);
        return offered?.items.map((item) => {
          const completion = new vscode.CompletionItem(item.label, KINDS[item.kind]);
          completion.range = rangeIn(document, offered);
          completion.insertText = item.insert;
          if (item.description !== undefined) completion.documentation = item.description;
          return completion;
        });
      },
    }),
    vscode.languages.registerHoverProvider(selector, {
      async provideHover(document, position) {
        if (isLeftToOther()) return undefined;
        const [text, offset] = [document.getText(), document.offsetAt(position)];
        const [{ describeConfig }, schema] = await load(kind, text, offset);
        const found = describeConfig(schema, text, offset);
        return found && new vscode.Hover(plainText(found.description), rangeIn(document, found));
      },
    }),
  );
}

function load(kind: ConfigKind, text: string, offset: number) {
  return Promise.all([import('../../core/config/complete-config.ts'), kind.schema(text, offset)]);
}

/** `appendText` is not used, because its non-breaking spaces prevent line breaks. */
function plainText(text: string): vscode.MarkdownString {
  return new vscode.MarkdownString(text.replace(/[\\`*_{}[\]()#+\-.!~|<>&]/g, '\\$&'));
}

function rangeIn(document: vscode.TextDocument, { start, end }: { start: number; end: number }): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}
