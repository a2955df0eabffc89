import { spawn } from 'node:child_process';
import type { SimpleGit } from 'simple-git';
import { abortError, throwIfAborted } from '../../base/abort.ts';
import type { Log } from '../../base/ports.ts';
import { findGit } from './find-git.ts';
import { explainGitFailure, type GitFailure, missingGit } from './git-errors.ts';
import { withFlags } from './git-flags.ts';

export interface GitSettings {
  /** `git.path` of the editor; `git` on PATH by default. */
  binary?: string | undefined;
  /** Where git runs: the workspace's folder, or the repository's root. */
  cwd: string;
  env: Record<string, string | undefined>;
  log: Log;
  /** A process that does not respond for this long is stopped. */
  timeoutMs?: number;
}

interface GitRun {
  signal?: AbortSignal | undefined;
  /** Standard input; given to plumbing that reads lists. */
  input?: string | Uint8Array;
  /** For this one call; names that simple-git guards are allowed here, since the product itself sets them. */
  env?: Record<string, string>;
  timeoutMs?: number;
  /** The output may be empty: simple-git waits 50 ms longer for such a process. `SILENT` commands need no mark. */
  mayPrintNothing?: boolean;
  /** Exit codes that are a result, not a failure (`git diff --quiet`: 1). */
  okCodes?: readonly number[];
}

/** One git repository's command line. `args` never come from a user without `--` or `--end-of-options` before them. */
export interface Git {
  readonly cwd: string;
  /** Standard output as UTF-8 text. Throws UserError with git's own message in it. */
  run(args: readonly string[], options?: GitRun): Promise<string>;
  /** As `run`, and the exit code (one of `okCodes`). */
  runCode(args: readonly string[], options?: GitRun): Promise<{ code: number; stdout: string; stderr: string }>;
  /** The same settings in another folder. */
  at(cwd: string): Git;
  readonly settings: GitSettings;
}

/** A process that does not respond for this long is stopped, unless a setting or a call says otherwise. */
const TIMEOUT_MS = 30_000;

export function timeoutOf(settings: Pick<GitSettings, 'timeoutMs'>, options: Pick<GitRun, 'timeoutMs'> = {}): number {
  return options.timeoutMs ?? settings.timeoutMs ?? TIMEOUT_MS;
}

/** Environment variables that git must not see: a repository of another process, a pager, a dialog. */
const DROPPED = /^(?:GIT_|VSCODE_GIT_|PAGER$|EDITOR$|VISUAL$|SSH_ASKPASS|LC_|LANGUAGE$)/i;

/** How users and machines without configuration files set the author, the configuration and the way to a remote. */
const KEPT =
  /^GIT_(?:AUTHOR_NAME|AUTHOR_EMAIL|COMMITTER_NAME|COMMITTER_EMAIL|CONFIG_GLOBAL|CONFIG_SYSTEM|CONFIG_NOSYSTEM|SSH|SSH_COMMAND|SSH_VARIANT|SSL_\w+|CEILING_DIRECTORIES)$/i;

/** Messages in English, since errors are recognized by them; no prompt, pager or optional lock. */
const FIXED = { LC_ALL: 'C.UTF-8', GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0', GIT_PAGER: 'cat' };

/** Commands that print nothing when they succeed. */
const SILENT = new Set(['add', 'notes', 'read-tree', 'reset', 'update-index', 'update-ref']);

export function createGit(settings: GitSettings): Git {
  const git: Git = {
    settings,
    cwd: settings.cwd,
    run: async (args, options) => (await git.runCode(args, options)).stdout,
    async runCode(args, options = {}) {
      throwIfAborted(options.signal);
      const allArgs = withFlags(args);
      const isPlain = options.input !== undefined || options.mayPrintNothing || SILENT.has(args[0] ?? '');
      const result = await (isPlain ? throughSpawn : throughSimpleGit)(settings, allArgs, options);
      if (options.signal?.aborted) throw abortError();
      if ('failure' in result)
        throw explainGitFailure(result.failure, { ...settings, timeoutMs: timeoutOf(settings, options) });
      return result;
    },
    at: (cwd) => createGit({ ...settings, cwd }),
  };
  return git;
}

/** Absolute path of git for these settings; throws `git-missing` if there is none. */
export function gitProgram(settings: GitSettings): string {
  const { binary, env, cwd } = settings;
  const found = findGit({ binary, env, folder: cwd });
  if (found === undefined) throw missingGit(settings);
  return found;
}

/** The environment of git, without the caller's variables that could change what it does. */
export function gitEnvironment(settings: GitSettings, extra: Record<string, string> = {}): Record<string, string> {
  const allowed = Object.entries(settings.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && (KEPT.test(entry[0]) || !DROPPED.test(entry[0])),
  );
  return { ...Object.fromEntries(allowed), ...FIXED, ...extra };
}

type Answer = { code: number; stdout: string; stderr: string } | { failure: GitFailure };

async function throughSimpleGit(settings: GitSettings, args: string[], options: GitRun): Promise<Answer> {
  const env = gitEnvironment(settings, options.env);
  let ended: End | undefined;
  const git = await openSimpleGit(settings, {
    env,
    options,
    onEnd(end) {
      ended = end;
    },
  });
  try {
    const stdout = await git.raw(args);
    return { code: ended?.code ?? 0, stdout, stderr: ended?.stderr ?? '' };
  } catch (error) {
    return { failure: { args, error, code: ended?.code, stdout: ended?.stdout ?? '', stderr: ended?.stderr ?? '' } };
  }
}

/** simple-git guards against foreign input. Here it is the user's own environment, or what the product sets. */
const UNGUARDED = {
  // A path with spaces, as on Windows: no shell parses it.
  allowUnsafeCustomBinary: true,
  allowUnsafePager: true,
  allowUnsafeAskPass: true,
  allowUnsafeConfigPaths: true,
  allowUnsafeSshCommand: true,
  // The product sets it to false, never to a program.
  allowUnsafeFsMonitor: true,
};

interface End {
  code: number | undefined;
  stdout: string;
  stderr: string;
}

async function openSimpleGit(
  settings: GitSettings,
  { env, options, onEnd }: { env: Record<string, string>; options: GitRun; onEnd(end: End): void },
): Promise<SimpleGit> {
  const { simpleGit } = await import('simple-git');
  const okCodes = options.okCodes ?? [0];
  return simpleGit({
    baseDir: settings.cwd,
    binary: gitProgram(settings),
    unsafe: UNGUARDED,
    allowEnvironment: Object.keys(env),
    timeout: { block: timeoutOf(settings, options) },
    ...(options.signal ? { abort: options.signal } : {}),
    errors(error, { exitCode, stdOut, stdErr }) {
      const text = (chunks: Buffer[]) => Buffer.concat(chunks).toString('utf8');
      // A process that was terminated has no code, whatever the types say.
      const code = typeof exitCode === 'number' && exitCode >= 0 ? exitCode : undefined;
      onEnd({ code, stdout: text(stdOut), stderr: text(stdErr) });
      if (code !== undefined && okCodes.includes(code)) return undefined;
      return error ?? Buffer.concat([...stdErr, ...stdOut]);
    },
  }).env(env);
}

/** simple-git gives a process no input, and plumbing commands need some. */
async function throughSpawn(settings: GitSettings, args: string[], options: GitRun): Promise<Answer> {
  const program = gitProgram(settings);
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: settings.cwd,
      env: gitEnvironment(settings, options.env),
      windowsHide: true,
      ...(options.signal ? { signal: options.signal } : {}),
      timeout: timeoutOf(settings, options),
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    const text = (chunks: Buffer[]) => Buffer.concat(chunks).toString('utf8');
    const fail = (error: unknown, code?: number) =>
      resolve({ failure: { args, error, code, stdout: text(out), stderr: text(err) } });
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', (error) => fail(error));
    child.on('close', (code, signal) => {
      if (code !== null && (options.okCodes ?? [0]).includes(code)) {
        resolve({ code, stdout: text(out), stderr: text(err) });
      } else {
        fail(signal === null ? undefined : new Error(`git was terminated by ${signal}`), code ?? undefined);
      }
    });
    // A process that ends early closes its input; its exit code has the reason.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input);
  });
}
