import * as vscode from 'vscode';
import type { Occurrence } from '../../../core/language/analysis/find-symbol.ts';
import type { OutlineItem } from '../../../core/language/syntax/structure.ts';
import { analyzedDocument } from '../workspace/analyzed-documents.ts';
import { guardFeature, type LanguageContext, SELECTOR, toRange } from './language-context.ts';

const SYMBOL_KINDS: Record<OutlineItem['kind'], vscode.SymbolKind> = {
  'front-matter': vscode.SymbolKind.Namespace,
  key: vscode.SymbolKind.Property,
  role: vscode.SymbolKind.Class,
  section: vscode.SymbolKind.String,
  block: vscode.SymbolKind.Struct,
  partial: vscode.SymbolKind.Module,
};
const FOLDING_KINDS = {
  region: undefined,
  comment: vscode.FoldingRangeKind.Comment,
  imports: vscode.FoldingRangeKind.Imports,
};
const loadStructure = () => import('../../../core/language/syntax/structure.ts');
const loadSymbols = () => import('../../../core/language/analysis/find-symbol.ts');

/** Features that only need the tree of one file: outline, folding, selection, highlights, linked editing. */
export function registerStructure({ log }: LanguageContext): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.languages.registerDocumentSymbolProvider(
      SELECTOR,
      {
        provideDocumentSymbols: (document) =>
          guardFeature(log, 'Outline', async () => {
            const [{ outlineOf }, prompt] = await Promise.all([loadStructure(), analyzedDocument(document)]);
            return outlineOf(prompt).map((item) => toSymbol(document, item));
          }),
      },
      { label: 'Prompt' },
    ),
    vscode.languages.registerFoldingRangeProvider(SELECTOR, {
      provideFoldingRanges: (document) => guardFeature(log, 'Folding', () => foldings(document)),
    }),
    vscode.languages.registerSelectionRangeProvider(SELECTOR, {
      provideSelectionRanges: (document, positions) =>
        guardFeature(log, 'Finding selection ranges', () => selections(document, positions)),
    }),
    vscode.languages.registerDocumentHighlightProvider(SELECTOR, {
      provideDocumentHighlights: (document, position) =>
        guardFeature(log, 'Finding highlights', async () => {
          const [{ highlightsAt }, prompt] = await Promise.all([loadSymbols(), analyzedDocument(document)]);
          return highlightsAt(prompt, document.offsetAt(position)).map((found) => toHighlight(document, found));
        }),
    }),
    vscode.languages.registerLinkedEditingRangeProvider(SELECTOR, {
      provideLinkedEditingRanges: (document, position) =>
        guardFeature(log, 'Linked editing', async () => {
          const [{ blockNamesAt }, prompt] = await Promise.all([loadSymbols(), analyzedDocument(document)]);
          const names = blockNamesAt(prompt.tree, document.offsetAt(position));
          if (names.length === 0) return undefined;
          return new vscode.LinkedEditingRanges(
            names.map((range) => toRange(document, range)),
            /[\w.-]+/,
          );
        }),
    }),
  );
}

function toSymbol(document: vscode.TextDocument, item: OutlineItem): vscode.DocumentSymbol {
  const [range, selection] = [toRange(document, item.range), toRange(document, item.selection)];
  const symbol = new vscode.DocumentSymbol(item.name || '…', item.detail, SYMBOL_KINDS[item.kind], range, selection);
  symbol.children = item.children.map((child) => toSymbol(document, child));
  return symbol;
}

async function foldings(document: vscode.TextDocument): Promise<vscode.FoldingRange[]> {
  const [{ foldingsOf }, prompt] = await Promise.all([loadStructure(), analyzedDocument(document)]);
  return foldingsOf(prompt).flatMap(({ range, kind }) => {
    const { start, end } = toRange(document, range);
    const text = document.getText(new vscode.Range(start, end));
    // A fold ends with its last non-blank line, so that blank lines after it stay visible.
    const blank = /\s*$/.exec(text)?.[0].match(/\n/g)?.length ?? 0;
    const last = end.line - blank;
    return last > start.line ? [new vscode.FoldingRange(start.line, last, FOLDING_KINDS[kind])] : [];
  });
}

async function selections(
  document: vscode.TextDocument,
  positions: readonly vscode.Position[],
): Promise<vscode.SelectionRange[]> {
  const [{ selectionsAt }, prompt] = await Promise.all([loadStructure(), analyzedDocument(document)]);
  return positions.map((position) => {
    const ranges = selectionsAt(prompt, document.offsetAt(position));
    const [first, ...inner] = ranges.reverse().map((range) => toRange(document, range));
    const widest = new vscode.SelectionRange(first ?? new vscode.Range(position, position));
    return inner.reduce((parent, range) => new vscode.SelectionRange(range, parent), widest);
  });
}

function toHighlight(document: vscode.TextDocument, { range, role }: Occurrence): vscode.DocumentHighlight {
  const isWrite = role === 'declaration' || role === 'default';
  const kind = isWrite ? vscode.DocumentHighlightKind.Write : vscode.DocumentHighlightKind.Read;
  return new vscode.DocumentHighlight(toRange(document, range), kind);
}
