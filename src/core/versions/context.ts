import type { FileReader, Log } from '../base/ports.ts';
import type { Store } from '../store/store.ts';
import type { Git } from './git/git.ts';
import type { ObjectReader } from './git/object-reader.ts';
import type { Repository } from './git/repository-state.ts';

/** How refs travel: with the Git extension's sign-in, or with git and prompts off. */
export interface RefTransport {
  fetch(remote: string, refspecs: string[], signal?: AbortSignal): Promise<void>;
  /** Each ref on its own: a rejected one must not hold back the others. `expected` is the lease. */
  push(
    remote: string,
    updates: { ref: string; commit: string; expected: string | undefined }[],
    signal?: AbortSignal,
  ): Promise<{ ref: string; rejected: string | undefined }[]>;
}

/** What versions need from the database: sums by content, and a few values of their own. */
export interface ResultStore extends Pick<Store, 'state' | 'status'> {
  runs: Pick<Store['runs'], 'summarizeContents' | 'listContents'>;
  evals: Pick<Store['evals'], 'list'>;
}

/** What versions need from their host. */
export interface VersionPorts {
  /** The workspace's folder; undefined if none is open. */
  folder: string | undefined;
  trusted(): boolean;
  /** `git.path` of the editor; undefined means `git` on PATH. */
  gitPath(): string | undefined;
  env: Record<string, string | undefined>;
  /** Files as the editor has them: unsaved text counts. */
  files: FileReader;
  log: Log;
  now(): number;
  store: ResultStore;
  /** The Git extension's transport, with its sign-in; without it, git itself with prompts off. */
  transport?: ((root: string) => Promise<RefTransport | undefined>) | undefined;
  /** How long a git process may be silent; only tests shorten it. */
  gitTimeoutMs?: number | undefined;
}

/** An open repository: the context of every function in this folder. */
export interface RepositoryContext {
  ports: VersionPorts;
  /** The workspace's folder as it was opened: symbolic links in it are not resolved. */
  folder: string;
  /** Runs git in the repository's root. */
  git: Git;
  repository: Repository;
  objects: ObjectReader;
}
