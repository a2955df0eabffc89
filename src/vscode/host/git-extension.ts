import * as vscode from 'vscode';
import { UserError } from '../../core/base/errors.ts';
import { removeCredentials } from '../../core/base/secrets/remove-credentials.ts';
import type { RefTransport } from '../../core/versions/context.ts';

/** The part of the Git extension's API (version 1) that is used here. */
interface GitApi {
  readonly git: { readonly path: string };
  getRepository(uri: vscode.Uri): GitRepository | null;
}

interface GitRepository {
  readonly rootUri: vscode.Uri;
  fetch(remote?: string, ref?: string): Promise<void>;
  push(remoteName?: string, branchName?: string): Promise<void>;
}

interface GitExtension {
  readonly enabled: boolean;
  getAPI(version: 1): GitApi;
}

function gitExtension(): vscode.Extension<GitExtension> | undefined {
  return vscode.extensions.getExtension<GitExtension>('vscode.git');
}

function apiOf(extension: vscode.Extension<GitExtension> | undefined): GitApi | undefined {
  return extension?.isActive && extension.exports.enabled ? extension.exports.getAPI(1) : undefined;
}

/** The git that the Git extension found, or else the one in its setting. Undefined means the git on the PATH. */
export function readGitPath(): string | undefined {
  const found = apiOf(gitExtension())?.git.path;
  if (found) return found;
  const setting = vscode.workspace.getConfiguration('git').get<string | string[] | null>('path');
  const [first] = typeof setting === 'string' ? [setting] : (setting ?? []);
  return first?.trim() || undefined;
}

/** Whether the Git extension has opened the repository of a file. If not, its commands do nothing for the file. */
export async function isKnownToGitExtension(file: vscode.Uri): Promise<boolean> {
  const extension = gitExtension();
  await extension?.activate();
  return Boolean(apiOf(extension)?.getRepository(file));
}

/**
 * Fetches and pushes through the Git extension, which knows how to sign in. Undefined if it does not know the
 * repository.
 */
export async function findGitTransport(root: string): Promise<RefTransport | undefined> {
  const extension = gitExtension();
  if (!extension) return undefined;
  await extension.activate();
  const repository = apiOf(extension)?.getRepository(vscode.Uri.file(root));
  // the extension may return the repository that contains this one
  if (!repository || repository.rootUri.fsPath !== root) return undefined;
  return transportOf(repository);
}

function transportOf(repository: GitRepository): RefTransport {
  return {
    async fetch(remote, refspecs, signal) {
      for (const refspec of refspecs) {
        signal?.throwIfAborted();
        await repository.fetch(remote, refspec).catch(throwRemote(remote));
      }
    },
    // No lease is needed: labels and notes are fast-forwarded or rejected, and tags are never moved.
    async push(remote, updates, signal) {
      const answers: { ref: string; rejected: string | undefined }[] = [];
      for (const { ref, commit } of updates) {
        signal?.throwIfAborted();
        const rejected = await repository
          .push(remote, `${commit}:${ref}`)
          .then(() => undefined, rejectionIn)
          .catch(throwRemote(remote));
        answers.push({ ref, rejected });
      }
      return answers;
    },
  };
}

/** git's reason for rejecting one ref. Every other error affects all refs and is thrown. */
function rejectionIn(error: unknown): string {
  const lines = saidBy(error).split('\n');
  const refusal = lines.find((line) => /\[(?:remote )?rejected\]/.test(line));
  if (refusal === undefined) throw error;
  const reason = refusal.replace(/^.*\((.*)\)\s*$/, '$1').trim();
  const said = lines.flatMap((line) => /^remote: ?(.*\S)/.exec(line)?.[1] ?? []).join(' ');
  return said === '' ? reason : `${reason} — ${said}`;
}

/** git's output, without passwords in its addresses. */
function saidBy(error: unknown): string {
  const { stderr, message } = (error ?? {}) as { stderr?: unknown; message?: unknown };
  const said = [stderr, message].find((text) => typeof text === 'string' && text.trim() !== '');
  return removeCredentials(String(said ?? '')).trim();
}

function throwRemote(remote: string): (error: unknown) => never {
  return (error) => {
    const said = saidBy(error);
    throw new UserError(`Could not reach ${remote}: ${said || 'git gave no reason'}`, {
      code: 'remote',
      hint: 'Check that git fetch works in a terminal.',
      cause: error,
    });
  };
}
