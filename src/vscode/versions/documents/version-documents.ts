import path from 'node:path';
import * as vscode from 'vscode';
import { toErrorInfo } from '../../../core/base/errors.ts';
import type { FileReader } from '../../../core/base/ports.ts';
import type { ResolvedVersion } from '../../../core/versions/names/resolve-version.ts';
import type { Workbenches } from '../../host/workbenches.ts';
import { requireTrust } from '../../shell/prompt-targets.ts';

export const VERSION_SCHEME = 'llmops-version';

/** A prompt at a version, as encoded in the URI of a read-only document. */
export interface VersionPlace {
  /** Undefined for a prompt that did not exist yet: an empty document, for the left side of a diff. */
  commit: string | undefined;
  /** The absolute path of the file in the work tree, even if it does not exist there. */
  file: string;
  /** `v3`, `production`, `a1b2c3d`. */
  name: string;
}

/**
 * `churn-analysis@v3.prompt` in the prompt's folder, so that the tab has a useful title and the language of the file is
 * kept.
 */
export function versionUri({ commit, file, name }: VersionPlace): vscode.Uri {
  const uri = vscode.Uri.file(file);
  const { dir, name: stem, ext } = path.posix.parse(uri.path);
  const shown = path.posix.join(dir, `${stem}@${name.replace(/[/\\]/g, '-')}${ext}`);
  return uri.with({ scheme: VERSION_SCHEME, path: shown, query: JSON.stringify({ commit, file, name }) });
}

export function versionPlace(uri: vscode.Uri): VersionPlace | undefined {
  if (uri.scheme !== VERSION_SCHEME) return undefined;
  try {
    const { commit, file, name } = JSON.parse(uri.query) as Record<string, unknown>;
    if (typeof file !== 'string' || typeof name !== 'string') return undefined;
    return { commit: typeof commit === 'string' ? commit : undefined, file, name };
  } catch {
    return undefined;
  }
}

/** A loaded version, with access to the other files of its commit. */
export interface OpenedVersion {
  version: ResolvedVersion;
  files: FileReader;
  /** The workspace folder, which limits the search for partials and schemas. */
  folder: string | undefined;
}

export interface VersionDocuments extends vscode.Disposable {
  /** The prompt of a document with this scheme, with the partials of its commit. Undefined for an empty one. */
  opened(uri: vscode.Uri): Promise<OpenedVersion | undefined>;
}

/**
 * A read-only file system. Unlike for documents from a content provider, VS Code waits for it when it restores a
 * window. A commit never changes, so each file is read once and cached while it is open.
 */
export function registerVersionDocuments(workbenches: Workbenches): VersionDocuments {
  const known = new Map<string, Promise<OpenedVersion | undefined>>();

  const opened = (uri: vscode.Uri) => {
    const key = uri.toString();
    const found = known.get(key);
    if (found) return found;
    const reading = openVersion(workbenches, uri);
    known.set(key, reading);
    reading.catch(() => known.delete(key));
    return reading;
  };
  const bytes = async (uri: vscode.Uri): Promise<Uint8Array> => {
    const place = versionPlace(uri);
    if (!place) throw vscode.FileSystemError.FileNotFound(uri);
    if (place.commit === undefined) return new Uint8Array();
    if (!place.file.endsWith('.prompt'))
      return (await filesOf(workbenches, { ...place, commit: place.commit })).bytes();
    return new TextEncoder().encode((await opened(uri))?.version.content.source);
  };

  const subscriptions = vscode.Disposable.from(
    vscode.workspace.registerFileSystemProvider(VERSION_SCHEME, readOnlyFiles(bytes), {
      isCaseSensitive: true,
      isReadonly: new vscode.MarkdownString(
        'Versions are read-only. Use Restore Version to copy this text to the file.',
      ),
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => known.delete(uri.toString())),
  );
  return { opened, dispose: () => subscriptions.dispose() };
}

function readOnlyFiles(bytes: (uri: vscode.Uri) => Promise<Uint8Array>): vscode.FileSystemProvider {
  const never = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  const read = (uri: vscode.Uri) =>
    bytes(uri).catch((error: unknown) => {
      // VS Code's error editor shows only a message, so the hint is appended
      const { message, hint } = toErrorInfo(error);
      throw vscode.FileSystemError.Unavailable(hint ? `${message} ${hint}` : message);
    });
  const refuse = (uri: vscode.Uri): never => {
    throw vscode.FileSystemError.NoPermissions(uri);
  };
  return {
    onDidChangeFile: never.event,
    watch: () => new vscode.Disposable(() => {}),
    stat: async (uri) => ({ type: vscode.FileType.File, ctime: 0, mtime: 0, size: (await read(uri)).byteLength }),
    readFile: read,
    readDirectory: () => [],
    createDirectory: refuse,
    writeFile: refuse,
    delete: refuse,
    rename: refuse,
  };
}

type CommitPlace = VersionPlace & { commit: string };

async function filesOf(workbenches: Workbenches, { commit, file }: CommitPlace) {
  requireTrust();
  const { versions } = await workbenches.for(vscode.Uri.file(file));
  const files = await versions.history.filesAt(commit);
  return { versions, files, bytes: () => files.readBytes(file) };
}

async function openVersion(workbenches: Workbenches, uri: vscode.Uri): Promise<OpenedVersion | undefined> {
  const place = versionPlace(uri);
  if (place?.commit === undefined) return undefined;
  const { versions, files } = await filesOf(workbenches, { ...place, commit: place.commit });
  const version = await versions.history.read(place.commit, place.file);
  return { version, files, folder: workbenches.folderOf(vscode.Uri.file(place.file))?.uri.fsPath };
}
