import * as vscode from 'vscode';
import { workspaceOf } from '../../versions/documents/version-workspace.ts';
import { analyzedDocument } from '../workspace/analyzed-documents.ts';
import { guardFeature, type LanguageContext, pathOf, SELECTOR, toRange } from './language-context.ts';

/** In the order of `TOKEN_TYPES` and `TOKEN_MODIFIERS` in core, which is loaded with the first file. */
const LEGEND = new vscode.SemanticTokensLegend(
  ['variable', 'parameter', 'property', 'function', 'namespace', 'enumMember'],
  ['declaration', 'readonly', 'defaultLibrary', 'undeclared'],
);

export function registerSemanticTokens(context: LanguageContext): vscode.Disposable {
  const { log, workspace, typing } = context;
  const refresh = new vscode.EventEmitter<void>();
  return vscode.Disposable.from(
    refresh,
    // a named schema may declare a prompt's variables
    workspace.onDidChange((paths) => paths?.length !== 0 && refresh.fire()),
    typing.onDidSettle(() => refresh.fire()),
    vscode.languages.registerDocumentSemanticTokensProvider(
      SELECTOR,
      {
        onDidChangeSemanticTokens: refresh.event,
        provideDocumentSemanticTokens: (document) =>
          guardFeature(log, 'Semantic highlighting', () => semanticTokensOf(document, context)),
      },
      LEGEND,
    ),
  );
}

async function semanticTokensOf(
  document: vscode.TextDocument,
  { workspace, documents, typing }: LanguageContext,
): Promise<vscode.SemanticTokens> {
  const [{ isInInputSchema }, { semanticTokens }, { schemaFinder }, prompt, index] = await Promise.all([
    import('../../../core/language/diagnostics/incomplete-lines.ts'),
    import('../../../core/language/navigation/semantic-tokens.ts'),
    import('../../../core/language/analysis/file-variables.ts'),
    analyzedDocument(document),
    workspace.index(),
  ]);
  const seen = await workspaceOf(document, index, { documents });
  const builder = new vscode.SemanticTokensBuilder(LEGEND);
  const { offset } = typing.of(document);
  const declares = offset !== undefined && isInInputSchema(prompt.tree, offset);
  for (const { range, type, modifiers } of semanticTokens(prompt, schemaFinder(seen, pathOf(document)))) {
    const at = toRange(document, range);
    const shown = declares ? modifiers.filter((modifier) => modifier !== 'undeclared') : [...modifiers];
    if (at.isSingleLine) builder.push(at, type, shown);
  }
  return builder.build();
}
