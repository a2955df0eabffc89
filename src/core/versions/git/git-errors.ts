import type { ErrorCode } from '../../base/error-kinds.ts';
import { UserError } from '../../base/errors.ts';
import { removeCredentials } from '../../base/secrets/remove-credentials.ts';
import { verbIndex } from './git-flags.ts';

export interface GitFailure {
  args: readonly string[];
  error: unknown;
  /** Undefined if git did not start, or was terminated. */
  code: number | undefined;
  stdout: string;
  stderr: string;
}

/** The git that failed. */
interface FailedGit {
  binary?: string | undefined;
  /** Where it ran. */
  cwd: string;
  /** After how long without a response it is stopped. */
  timeoutMs: number;
}

interface Explanation {
  pattern: RegExp;
  code: ErrorCode;
  message(git: FailedGit, match: RegExpExecArray, verb: string): string;
  hint: string | ((verb: string) => string);
}

/** git's messages (always in English here), and what the user can do about them. */
const EXPLANATIONS: readonly Explanation[] = [
  {
    pattern: /detected dubious ownership in repository at '([^']*)'/,
    code: 'unsafe-repository',
    message: ({ cwd }, [, folder]) => `git refuses the repository ${folder ?? cwd}: it belongs to another user.`,
    hint: "If you trust it, add it to git's safe.directory: git config --global --add safe.directory <folder>.",
  },
  {
    pattern: /not a git repository/,
    code: 'no-repository',
    message: ({ cwd }) => `${cwd} is not in a git repository.`,
    hint: 'Create one: LLMOps: Create Repository, or git init.',
  },
  {
    pattern: /Unable to create '([^']*\.lock)': File exists/,
    code: 'index-locked',
    message: (_settings, [, lock]) =>
      `Another git process holds ${lock ?? 'a lock'}, or a process that crashed left it behind.`,
    hint: 'Wait for it to finish. If none is running, delete the file yourself; it is not deleted automatically.',
  },
  {
    pattern: /([^\0]*)fatal: could not fetch ([0-9a-f]+) from promisor remote/,
    code: 'remote',
    message: (_settings, [, output = '', object = '']) =>
      `This is a partial clone, and the object ${object.slice(0, 10)} could not be fetched: ${reasonIn(output)}`,
    hint: 'Connect to the remote and try again; git fetch --refetch --no-filter gets everything at once.',
  },
  {
    pattern: /missing object ([0-9a-f]+) for (\S+)|bad object (refs\/\S+)/,
    code: 'ref-clash',
    message: (_settings, [, object = '', ref, bad]) =>
      `${ref ?? bad} points to an object that is missing from this repository${object === '' ? '' : ` (${object.slice(0, 10)})`}.`,
    hint: 'Fetch it from a clone that has it, or delete the ref: git update-ref -d <ref>.',
  },
  {
    // Two at once: the other one moved the branch between the start and the end of this one.
    pattern: /cannot lock ref '([^']*)': (?:is at [0-9a-f]+ but expected [0-9a-f]+|reference already exists)/,
    code: 'index-locked',
    message: (_settings, [, ref = 'the branch'], verb) =>
      `Another git process changed ${ref} while git ${verb} was running, so git did not change it.`,
    hint: 'Try again: it will start from the new state.',
  },
  {
    pattern:
      /No space left on device|Out of diskspace|disk is not full|Disk quota exceeded|Read-only file system|couldn't write '[^']*'|unable to write (?:loose object|new.index|file)[^\n]*/,
    code: 'output',
    message: ({ cwd }, [reason], verb) =>
      `git ${verb} could not write in ${cwd}: ${/ disk/.test(reason) ? 'No space left on device' : reason}.`,
    hint: 'Free some space, or make the folder writable, then try again.',
  },
  {
    pattern: /(?:Please tell me who you are|empty ident name|unable to auto-detect email|auto-detection is disabled)/i,
    code: 'no-identity',
    message: () => 'git has no name and email address for you, so it cannot record the author.',
    hint: 'Enter them for this commit, or set user.name and user.email in git.',
  },
  {
    pattern:
      /(?:gpg failed to sign|failed to sign the data|failed to write commit object|error: gpg|ssh-keygen.*sign|Couldn't load public key)/i,
    code: 'sign-failed',
    message: (_settings, _match, verb) =>
      `The ${SIGNED[verb] ?? 'commit'} could not be signed, and your git configuration requires a signature.`,
    hint: (verb) =>
      `Unlock the key or the signing agent, then ${SIGNED[verb] === undefined ? 'save' : 'do it'} again. Nothing was changed.`,
  },
];

// git has one exit code for most of its failures, so these match its output. Only this file does: git runs with
// LC_ALL=C.UTF-8, and its output is the cause of the UserError that explainGitFailure created.

/** git refused to list refs, because one of them points to an object that the repository does not have. */
export function isMissingObject(error: unknown): boolean {
  return error instanceof UserError && /missing object [0-9a-f]+ for /.test(String(error.cause));
}

/** Another process changed the ref, or holds it or a file needed for the change. */
export function isRefLocked(error: unknown): boolean {
  return error instanceof UserError && /cannot lock ref|\.lock/i.test(`${error.message} ${error.cause}`);
}

/** The tag already exists, or is just being created. */
export function tagExists(error: unknown): boolean {
  return error instanceof UserError && (error.code === 'index-locked' || /already exists/.test(error.message));
}

/** The lock file that git could not create; undefined if it failed for another reason. */
export function lockFileIn(error: unknown): string | undefined {
  if (!(error instanceof UserError) || error.code !== 'index-locked') return undefined;
  return /Unable to create '([^']*\.lock)'/.exec(String(error.cause))?.[1];
}

/** git cat-file stopped at a name outside the repository, such as `HEAD:../x`. */
export function isOutsideRepository(stderr: string): boolean {
  return /is outside (?:of )?(?:the )?repository/.test(stderr);
}

/** git's output, in one line and without credentials in addresses. */
function reasonIn(output: string): string {
  const lines = removeCredentials(output).split('\n');
  const reasons = lines.map((line) => line.replace(/^(?:fatal|error): /, '').trim()).filter(Boolean);
  return reasons.join(' ') || 'git gave no reason.';
}

/** What other commands than `git commit` sign. */
const SIGNED: Readonly<Record<string, string>> = { tag: 'tag', 'commit-tree': 'label change' };

/** Converts git's output into a UserError; the output is part of it, with credentials removed from addresses. */
export function explainGitFailure(failure: GitFailure, git: FailedGit): UserError {
  const { error, stderr } = failure;
  if (isMissing(error)) {
    return missingGit(git, error);
  }
  if (failure.code === undefined && /timeout|SIGTERM|block timeout/i.test(messageOf(error))) {
    return gitTimedOut(verbOf(failure.args), git.timeoutMs, error);
  }
  for (const { pattern, code, message, hint } of EXPLANATIONS) {
    const match = pattern.exec(stderr);
    if (!match) continue;
    const verb = verbOf(failure.args);
    const next = typeof hint === 'string' ? hint : hint(verb);
    return new UserError(message(git, match, verb), { code, hint: next, cause: removeCredentials(stderr) });
  }
  const output = removeCredentials(stderr.trim() || messageOf(error)) || `exit code ${failure.code ?? 'unknown'}`;
  return new UserError(`git ${verbOf(failure.args)} failed in ${git.cwd}: ${output}`, {
    code: 'git',
    hint: 'See the log for the full command.',
    cause: error,
  });
}

export function gitTimedOut(verb: string, timeoutMs: number, cause?: unknown): UserError {
  return new UserError(`git ${verb} did not respond for ${timeoutMs / 1000} s and was stopped.`, {
    code: 'git-timeout',
    hint: 'Check whether another program is using the repository or a network drive is unavailable, then try again.',
    cause,
  });
}

export function missingGit({ binary = 'git' }: Pick<FailedGit, 'binary'>, cause?: unknown): UserError {
  return new UserError(`git could not be started (${binary}).`, {
    code: 'git-missing',
    hint: 'Install git 2.30 or newer, or set git.path to its absolute path.',
    cause,
  });
}

function isMissing(error: unknown): boolean {
  return /ENOENT/.test(messageOf(error)) || (error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}

/** The subcommand, without the flags of every call. */
function verbOf(args: readonly string[]): string {
  return args[verbIndex(args)] ?? '';
}
