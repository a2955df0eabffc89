import { UserError } from '../../base/errors.ts';

/** Whether there is a history to show, and if not, why. */
export type RepositoryState =
  | { kind: 'ready'; repository: Repository }
  /** No git process was started: a repository's own configuration can run programs. */
  | { kind: 'untrusted' }
  | { kind: 'no-folder' }
  /** The folder is not in a repository. */
  | { kind: 'none' }
  | { kind: 'bare'; gitDir: string }
  | { kind: 'no-git' }
  | { kind: 'old-git'; version: string }
  /** git refuses a folder owned by someone else (`safe.directory`). */
  | { kind: 'unsafe'; folder: string; message: string };

export interface Repository {
  /** Absolute path of the work tree, symbolic links resolved; a worktree or a submodule has its own. */
  root: string;
  /** The workspace's folder in it: empty, or with `/` at its end. Partials are searched up to there. */
  folderPath: string;
  /** Absolute path of this work tree's git directory, and of the one shared by all work trees. */
  gitDir: string;
  commonDir: string;
  gitVersion: string;
  /** Undefined on a detached HEAD. An unborn branch has a name and no `head`. */
  branch: string | undefined;
  head: string | undefined;
  shallow: boolean;
  sparse: boolean;
  /** An unfinished operation: saving is refused until it is finished. */
  operation: 'merge' | 'rebase' | 'cherry-pick' | 'revert' | 'bisect' | undefined;
}

/** The error for a method that needs a repository. */
export function explainState(state: Exclude<RepositoryState, { kind: 'ready' }>): UserError {
  const { message, ...details } = EXPLANATIONS[state.kind](state as never);
  return new UserError(message, details);
}

type Explain = {
  [Kind in Exclude<RepositoryState['kind'], 'ready'>]: (state: Extract<RepositoryState, { kind: Kind }>) => {
    message: string;
    code: UserError['code'];
    hint: string;
  };
};

const EXPLANATIONS: Explain = {
  untrusted: () => ({
    message: 'Versions are off because this workspace is not trusted: a repository’s configuration can run programs.',
    code: 'untrusted',
    hint: 'Trust the workspace to see its versions.',
  }),
  'no-folder': () => ({
    message: 'Versions need an open folder.',
    code: 'no-folder',
    hint: 'Open the folder that contains the prompts.',
  }),
  none: () => ({
    message: 'Versions need git. This folder has no repository yet.',
    code: 'no-repository',
    hint: 'Create one: LLMOps: Create Repository, or git init.',
  }),
  bare: ({ gitDir }) => ({
    message: `${gitDir} is a bare repository: it has no files to work on.`,
    code: 'no-repository',
    hint: 'Clone it, and open the clone.',
  }),
  'no-git': () => ({
    message: 'git was not found.',
    code: 'git-missing',
    hint: 'Install git 2.30 or newer, or set git.path to it.',
  }),
  'old-git': ({ version }) => ({
    message: `git is ${version}, but versions need 2.30 or newer.`,
    code: 'git-old',
    hint: 'Update git, or set git.path to a newer one.',
  }),
  unsafe: ({ message }) => ({
    message,
    code: 'unsafe-repository',
    hint: "If you trust it, add it to git's safe.directory: git config --global --add safe.directory <folder>.",
  }),
};
