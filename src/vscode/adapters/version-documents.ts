import path from 'node:path';
import * as vscode from 'vscode';
import type { ResolvedVersion } from '../../core/versions/versions.ts';
import { requireTrust } from './prompt-targets.ts';
import type { Workbenches } from './workbenches.ts';

export const VERSION_SCHEME = 'llmops-version';

/** A prompt as it was: what the address of a read-only document names. */
export interface VersionPlace {
  /** Undefined for a prompt that was not there yet: an empty document, for the left side of a diff. */
  commit: string | undefined;
  /** Absolute path that the file has, or would have, in the work tree. */
  file: string;
  /** `v3`, `production`, `a1b2c3d`. */
  name: string;
}

/** `churn-analysis@v3.prompt` in the prompt's folder: the tab says what it shows, and the language is that of the file. */
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

export interface VersionDocuments extends vscode.Disposable {
  /** What a document of the scheme holds, with the partials of its commit; undefined for an empty one. */
  resolved(uri: vscode.Uri): Promise<ResolvedVersion | undefined>;
}

/** Documents of a commit never change, so each is read once and kept as long as it is open. */
export function registerVersionDocuments(workbenches: Workbenches): VersionDocuments {
  const known = new Map<string, Promise<ResolvedVersion | undefined>>();

  const resolved = (uri: vscode.Uri) => {
    const key = uri.toString();
    const found = known.get(key);
    if (found) return found;
    const reading = read(workbenches, uri);
    known.set(key, reading);
    reading.catch(() => known.delete(key));
    return reading;
  };

  const subscriptions = vscode.Disposable.from(
    vscode.workspace.registerTextDocumentContentProvider(VERSION_SCHEME, {
      provideTextDocumentContent: async (uri) => (await resolved(uri))?.content.source ?? '',
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => known.delete(uri.toString())),
  );
  return { resolved, dispose: () => subscriptions.dispose() };
}

async function read(workbenches: Workbenches, uri: vscode.Uri): Promise<ResolvedVersion | undefined> {
  const place = versionPlace(uri);
  if (place?.commit === undefined) return undefined;
  requireTrust();
  const workbench = await workbenches.for(vscode.Uri.file(place.file));
  return (await workbench.versions()).read(place.commit, place.file);
}
