import * as vscode from 'vscode';
import type { RefTransport } from '../../core/versions/versions.ts';

/** The little of the Git extension's API that is used here (its version 1). */
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

/** The git that the Git extension found, else the one that its setting names; undefined means that of the PATH. */
export function readGitPath(): string | undefined {
  const found = apiOf(gitExtension())?.git.path;
  if (found) return found;
  const setting = vscode.workspace.getConfiguration('git').get<string | string[] | null>('path');
  const [first] = typeof setting === 'string' ? [setting] : (setting ?? []);
  return first?.trim() || undefined;
}

/** Sends and receives with the Git extension's sign-in; undefined where it does not know the repository. */
export async function findGitTransport(root: string): Promise<RefTransport | undefined> {
  const extension = gitExtension();
  if (!extension) return undefined;
  await extension.activate();
  const repository = apiOf(extension)?.getRepository(vscode.Uri.file(root));
  // the extension may give the repository around this one
  if (!repository || repository.rootUri.fsPath !== root) return undefined;
  return transportOf(repository);
}

function transportOf(repository: GitRepository): RefTransport {
  return {
    async fetch(remote, refspecs, signal) {
      for (const refspec of refspecs) {
        signal?.throwIfAborted();
        await repository.fetch(remote, refspec);
      }
    },
    // A lease needs no flag here: labels and notes go forward or are refused, and tags are never moved.
    async push(remote, updates, signal) {
      const answers: { ref: string; rejected: string | undefined }[] = [];
      for (const { ref, commit } of updates) {
        signal?.throwIfAborted();
        answers.push({ ref, rejected: await rejectionOf(() => repository.push(remote, `${commit}:${ref}`)) });
      }
      return answers;
    },
  };
}

/** What git said where it refused one ref; whatever else goes wrong concerns all of them and is thrown. */
async function rejectionOf(push: () => Promise<void>): Promise<string | undefined> {
  try {
    await push();
    return undefined;
  } catch (error) {
    const said = (error as { stderr?: unknown } | undefined)?.stderr;
    const line =
      typeof said === 'string' ? said.split('\n').find((text) => /\[(?:remote )?rejected\]/.test(text)) : undefined;
    if (line === undefined) throw error;
    return line.replace(/^.*\((.*)\)\s*$/, '$1').trim();
  }
}
