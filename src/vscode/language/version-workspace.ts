import type * as vscode from 'vscode';
import type { LanguageWorkspace } from '../../core/prompts/language/tree.ts';
import { type VersionDocuments, versionPlace, versionUri } from '../adapters/version-documents.ts';

/**
 * The workspace as a document sees it: for an old version the partials of its commit, under the addresses of their own
 * read-only documents (or in words, to be shown); for everything else what is there now.
 */
export async function workspaceOf(
  document: Pick<vscode.TextDocument, 'uri'>,
  index: LanguageWorkspace,
  { documents, shown = false }: { documents: VersionDocuments; shown?: boolean },
): Promise<LanguageWorkspace> {
  const place = versionPlace(document.uri);
  if (!place) return index;
  const resolved = await documents.resolved(document.uri);
  const partials = new Map(resolved?.content.partials.map((partial) => [partial.name, partial]));
  const root = resolved ? resolved.absolutePath.slice(0, -resolved.path.length) : '';
  return {
    partial(name) {
      const found = partials.get(name);
      if (!found) return undefined;
      if (shown) return { path: `${found.path} at ${place.name}`, source: found.text };
      const uri = versionUri({ commit: place.commit, file: root + found.path, name: place.name });
      return { path: uri.toString(), source: found.text };
    },
    partialNames: () => [...partials.keys()].sort(),
    schema: (name) => index.schema(name, place.file),
    schemaPath: (name) => index.schemaPath(name, place.file),
    schemaNames: () => index.schemaNames(place.file),
    dependents: () => [],
    models: () => index.models(),
    connections: () => index.connections(),
  };
}
