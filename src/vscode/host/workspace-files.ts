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

/** Where the rule below is asked from; by default the file itself. */
interface Place {
  /** The file that names the one to be read, such as a prompt with its dataset. */
  from?: vscode.Uri;
  maxBytes?: number;
}

/**
 * Text of a file that the workspace leads to, as the disk has it. Rejects with `FileRefusal` where a link or a path leads
 * out of the workspace, and for what is no regular file; a file outside the workspace was named by the user.
 */
export async function readWorkspaceText(uri: vscode.Uri, place: Place = {}): Promise<string> {
  return (await readWorkspaceBytes(uri, place)).text;
}

/** As `readWorkspaceText`, for whoever wants to know that the bytes are no UTF-8, and where. */
export async function readWorkspaceBytes(uri: vscode.Uri, place: Place = {}): Promise<ReturnType<typeof decodeUtf8>> {
  // Only files of the disk can be links.
  if (uri.scheme !== 'file') return decodeUtf8(await vscode.workspace.fs.readFile(uri));
  return decodeUtf8(await readRegularFile(uri.fsPath, { within: withinOf(uri, place), maxBytes: place.maxBytes }));
}

/** The bytes of a file that the workspace leads to, piece by piece where it is on the disk: a dataset may be large. */
export async function* streamWorkspaceFile(uri: vscode.Uri, place: Place = {}): AsyncGenerator<Uint8Array> {
  if (uri.scheme !== 'file') yield await vscode.workspace.fs.readFile(uri);
  else yield* streamRegularFile(uri.fsPath, { within: withinOf(uri, place) });
}

/** Rejects where a file that is there may not be read, for whoever has its text from an editor. */
export async function requireInWorkspace(uri: vscode.Uri, place: Place = {}): Promise<void> {
  const within = withinOf(uri, place);
  if (uri.scheme !== 'file' || within === undefined) return;
  await realPathWithin(uri.fsPath, within).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
  });
}

/** Rejects where writing a file, new or not, would write out of the workspace by a link. */
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
