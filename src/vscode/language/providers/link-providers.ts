import path from 'node:path';
import * as vscode from 'vscode';
import type { DocumentLink } from '../../../core/language/navigation/document-links.ts';
import type { WorkspaceSymbol } from '../../../core/language/navigation/workspace-symbols.ts';
import { versionPlace, versionUri } from '../../versions/documents/version-documents.ts';
import { workspaceOf } from '../../versions/documents/version-workspace.ts';
import { analyzedDocument } from '../workspace/analyzed-documents.ts';
import { fileUri, loadLanguageFiles } from '../workspace/language-files.ts';
import { guardFeature, type LanguageContext, pathOf, rangeInText, SELECTOR, toRange } from './language-context.ts';

const KINDS: Record<WorkspaceSymbol['kind'], vscode.SymbolKind> = {
  prompt: vscode.SymbolKind.File,
  partial: vscode.SymbolKind.Module,
  variable: vscode.SymbolKind.Variable,
  section: vscode.SymbolKind.String,
};

/** Links inside a prompt, and the symbols of all prompts. */
export function registerLinks({ workspace, documents, log }: LanguageContext): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.languages.registerDocumentLinkProvider(SELECTOR, {
      provideDocumentLinks: (document) =>
        guardFeature(log, 'Finding links', async () => {
          const [{ documentLinks }, prompt, all] = await Promise.all([
            import('../../../core/language/navigation/document-links.ts'),
            analyzedDocument(document),
            workspace.index(),
          ]);
          const from = pathOf(document);
          const index = await workspaceOf(document, all, { documents });
          return documentLinks(prompt).flatMap(({ range, target }) => {
            const uri = targetUri(target, document.uri, ({ kind, name }) =>
              kind === 'schema' ? index.schemaPath(name, from) : index.partial(name, from)?.path,
            );
            return uri ? [new vscode.DocumentLink(toRange(document, range), uri)] : [];
          });
        }),
    }),
    vscode.languages.registerWorkspaceSymbolProvider({
      provideWorkspaceSymbols: (query) =>
        guardFeature(log, 'Finding workspace symbols', async () => {
          const [{ workspaceSymbols }, files] = await Promise.all([
            import('../../../core/language/navigation/workspace-symbols.ts'),
            loadLanguageFiles(workspace, undefined, { datasets: false }),
          ]);
          return workspaceSymbols(files, query).map(({ name, kind, container, path: file, range }) => {
            const at = rangeInText(files.prompt(file)?.tree.source ?? '', range);
            return new vscode.SymbolInformation(name, KINDS[kind], container, new vscode.Location(fileUri(file), at));
          });
        }),
    }),
  );
}

function targetUri(
  target: DocumentLink['target'],
  from: vscode.Uri,
  find: (named: Extract<DocumentLink['target'], { name: string }>) => string | undefined,
): vscode.Uri | undefined {
  if (target.kind === 'url') return vscode.Uri.parse(target.url);
  if ('name' in target) {
    const found = find(target);
    return found === undefined ? undefined : fileUri(found);
  }
  // files that an old version names are those of its commit
  const place = versionPlace(from);
  if (!place && from.scheme !== 'file') return undefined;
  const file = path.resolve(path.dirname(place?.file ?? from.fsPath), target.path);
  return place ? versionUri({ ...place, file }) : vscode.Uri.file(file);
}
