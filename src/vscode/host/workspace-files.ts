import * as vscode from 'vscode';
import {
  boundsOf,
  isPathInside,
  readRegularFile,
  realPathWithin,
  requirePlaceWithin,
  streamRegularFile,
} from '../../core/base/files/read-file.ts';
import { decodeUtf8 } from '../../core/base/files/text-encoding.ts';
import type { ReadLimits } from '../../core/base/ports.ts';

/** The file for which the rule below is applied; by default the file to read. */
interface Place {
  /** The file that refers to the one to read, such as a prompt that names its dataset. */
  from?: vscode.Uri;
  maxBytes?: number;
}

/**
 * The text of a file in the workspace, as it is on disk. Rejects with `FileRefusal` if a link or a path leads out of
 * the workspace, or if it is not a regular file. A file outside the workspace is allowed if the user named it.
 */
export async function readWorkspaceText(uri: vscode.Uri, place: Place = {}): Promise<string> {
  return (await readWorkspaceBytes(uri, place)).text;
}

/** Like `readWorkspaceText`, but also returns where the bytes are not valid UTF-8. */
export async function readWorkspaceBytes(uri: vscode.Uri, place: Place = {}): Promise<ReturnType<typeof decodeUtf8>> {
  // Only files on disk can be links.
  if (uri.scheme !== 'file') return decodeUtf8(await vscode.workspace.fs.readFile(uri));
  return decodeUtf8(await readRegularFile(uri.fsPath, { within: withinOf(uri, place), maxBytes: place.maxBytes }));
}

/** The bytes of a file in the workspace, streamed if it is on disk: a dataset may be large. */
export async function* streamWorkspaceFile(uri: vscode.Uri, place: Place = {}): AsyncGenerator<Uint8Array> {
  if (uri.scheme !== 'file') yield await vscode.workspace.fs.readFile(uri);
  else yield* streamRegularFile(uri.fsPath, { within: withinOf(uri, place) });
}

/** Rejects if an existing file must not be read. For callers that have its text from an editor. */
export async function requireInWorkspace(uri: vscode.Uri, place: Place = {}): Promise<void> {
  const within = withinOf(uri, place);
  if (uri.scheme !== 'file' || within === undefined) return;
  await realPathWithin(uri.fsPath, within).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
  });
}

/** Rejects if writing a file, new or not, would follow a link out of the workspace. */
export async function requireWritableInWorkspace(uri: vscode.Uri): Promise<void> {
  const within = withinOf(uri, {});
  if (uri.scheme === 'file' && within !== undefined) await requirePlaceWithin(uri.fsPath, within);
}

function withinOf(uri: vscode.Uri, { from = uri }: Place): ReadLimits['within'] {
  const folder = vscode.workspace.getWorkspaceFolder(from)?.uri.fsPath;
  if (from !== uri)
    return from.scheme === 'file' ? boundsOf(from.fsPath, folder) : folder === undefined ? [] : [folder];
  return folder !== undefined && isPathInside(folder, uri.fsPath) ? [folder] : undefined;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
