import type * as vscode from 'vscode';
import type { LanguageWorkspace } from '../../../core/language/syntax/tree.ts';
import type { WorkspaceIndex } from '../../../core/language/workspace/workspace-index.ts';
import { type OpenedVersion, type VersionDocuments, versionPlace, versionUri } from './version-documents.ts';

/** The workspace as a document sees it, with the files of named schemas. */
export interface DocumentWorkspace extends LanguageWorkspace {
  schemaFiles(): readonly { path: string; text: string }[];
}

/**
 * The workspace as a document sees it. An old version uses the partials and schemas of its commit, with the URIs of
 * their read-only documents (or with readable paths if `shown`). Other documents use the current workspace.
 */
export async function workspaceOf(
  document: Pick<vscode.TextDocument, 'uri'>,
  index: DocumentWorkspace,
  { documents, shown = false }: { documents: VersionDocuments; shown?: boolean },
): Promise<DocumentWorkspace> {
  const place = versionPlace(document.uri);
  if (!place) return index;
  const opened = await documents.opened(document.uri);
  const own = opened && (await indexOf(opened));
  const from = opened?.version.absolutePath;
  const root = opened ? repositoryOf(opened) : '';
  const named = (file: string) =>
    shown
      ? `${file.slice(root.length)} at ${place.name}`
      : versionUri({ commit: place.commit, file, name: place.name }).toString();
  return {
    partial(name) {
      const found = own?.partial(name, from);
      return found && { path: named(found.path), source: found.source };
    },
    partialNames: () => own?.partialNames(from) ?? [],
    schema: (name) => own?.schema(name, from),
    schemaPath(name) {
      const found = own?.schemaPath(name, from);
      return found === undefined ? undefined : named(found);
    },
    schemaNames: () => own?.schemaNames(from) ?? [],
    schemaFiles: () => own?.schemaFiles().map(({ path, text }) => ({ path: named(path), text })) ?? [],
    dependents: () => [],
    models: () => index.models(),
    connections: () => index.connections(),
  };
}

const indexes = new WeakMap<OpenedVersion, Promise<WorkspaceIndex>>();

function indexOf(opened: OpenedVersion): Promise<WorkspaceIndex> {
  const known = indexes.get(opened);
  if (known) return known;
  const made = makeIndex(opened);
  indexes.set(opened, made);
  return made;
}

async function makeIndex(opened: OpenedVersion): Promise<WorkspaceIndex> {
  const { indexVersion } = await import('../../../core/language/workspace/index-version.ts');
  const { version, files, folder } = opened;
  const { absolutePath, content } = version;
  const partials = content.partials.map(({ path, text }) => ({ path: repositoryOf(opened) + path, text }));
  return indexVersion({ path: absolutePath, source: content.source, partials }, files, folder);
}

/** The folder of the repository, with a trailing slash. */
function repositoryOf({ version: { absolutePath, path } }: OpenedVersion): string {
  return absolutePath.slice(0, -path.length);
}
