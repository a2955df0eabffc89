import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../../base/errors.ts';
import { diskFiles } from '../../base/files/disk-files.ts';
import { isPathInside } from '../../base/files/read-file.ts';
import type { VersionPorts } from '../context.ts';
import { findWorkTree, hasGitEntry } from './find-work-tree.ts';
import { createGit, type Git } from './git.ts';
import { explainState, type Repository, type RepositoryState } from './repository-state.ts';

/** `rev-parse --end-of-options`, the newest required feature of git, came with 2.30. */
const OLDEST = [2, 30] as const;

/** Inspects the workspace's folder. Without trust, or without a folder, no process starts. */
export async function inspectRepository(
  ports: VersionPorts,
  signal?: AbortSignal,
  knownVersion?: string,
): Promise<RepositoryState> {
  const { folder } = ports;
  if (folder === undefined || !(await diskFiles.exists(folder))) return { kind: 'no-folder' };
  if (!ports.trusted()) return { kind: 'untrusted' };
  const found = await findWorkTree(folder, ports.env);
  // Without a work tree git is only asked for its version, and not in a folder of the workspace.
  const git = gitIn(ports, found.kind === 'work-tree' ? found.root : path.parse(folder).root);
  if (found.kind !== 'work-tree') {
    const [version] = await Promise.allSettled([knownVersion ?? readVersion(git, signal)]);
    return refuseVersion(version) ?? found;
  }
  // all at once: HEAD can be requested before it is known whether there is a repository
  const [version, places, head] = await Promise.allSettled([
    knownVersion ?? readVersion(git, signal),
    findPlaces(git, signal),
    readHead(git, signal),
  ]);
  const refused = refuseVersion(version);
  if (refused) return refused;
  if (places.status === 'rejected') return stateOfRefusal(places.reason, folder);
  if (places.value.kind !== 'work-tree') return places.value;
  const { root, gitDir, commonDir, shallow } = places.value;
  const realFolder = await realpath(folder);
  const isOwn = (await hasGitEntry(root)) && !(isPathInside(gitDir, realFolder) && !isPathInside(gitDir, root));
  if (!isOwn) return { kind: 'none' };
  if (head.status === 'rejected') throw head.reason;
  const operation = await findOperation(gitDir);
  const folderPath = relativeTo(root, realFolder);
  const gitVersion = version.status === 'fulfilled' ? version.value : '';
  return {
    kind: 'ready',
    repository: { root, folderPath, gitDir, commonDir, shallow, gitVersion, ...head.value, operation },
  };
}

/** The state for an unusable or missing git version. */
function refuseVersion(version: PromiseSettledResult<string>): RepositoryState | undefined {
  if (version.status === 'rejected') {
    if (codeOf(version.reason) === 'git-missing') return { kind: 'no-git' };
    throw version.reason;
  }
  return isOlder(version.value) ? { kind: 'old-git', version: version.value } : undefined;
}

/** `git init` with an unborn branch; nothing is committed. */
export async function createRepository(ports: VersionPorts, signal?: AbortSignal): Promise<void> {
  const state = await inspectRepository(ports, signal);
  if (state.kind === 'ready') return;
  if (state.kind !== 'none' || ports.folder === undefined) throw explainState(state);
  await gitIn(ports, ports.folder).run(['init', '--quiet'], { signal });
}

/** The runner for a folder of this workspace. */
export function gitIn(ports: VersionPorts, cwd: string): Git {
  const { env, log, gitTimeoutMs } = ports;
  const timeout = gitTimeoutMs === undefined ? {} : { timeoutMs: gitTimeoutMs };
  return createGit({ binary: ports.gitPath(), cwd, env, log, ...timeout });
}

function codeOf(error: unknown): string | undefined {
  return error instanceof UserError ? error.code : undefined;
}

function stateOfRefusal(error: unknown, folder: string): RepositoryState {
  if (codeOf(error) === 'unsafe-repository' && error instanceof Error) {
    return { kind: 'unsafe', folder, message: error.message };
  }
  if (codeOf(error) === 'no-repository') return { kind: 'none' };
  throw error;
}

async function readVersion(git: Git, signal: AbortSignal | undefined): Promise<string> {
  const said = await git.run(['version'], { signal });
  const version = /\d+\.\d+(?:\.\d+)*/.exec(said)?.[0];
  if (version !== undefined) return version;
  throw new UserError(`${git.settings.binary ?? 'git'} did not report its version: ${said.trim().slice(0, 200)}`, {
    code: 'git-missing',
    hint: 'Set git.path to git 2.30 or newer.',
  });
}

function isOlder(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]);
}

type Places =
  | { kind: 'none' }
  | { kind: 'bare'; gitDir: string }
  | { kind: 'work-tree'; root: string; gitDir: string; commonDir: string; shallow: boolean };

const ASKED = ['--is-bare-repository', '--is-shallow-repository', '--absolute-git-dir', '--git-common-dir'];

async function findPlaces(git: Git, signal: AbortSignal | undefined): Promise<Places> {
  // The last argument fails outside a work tree, after the others were printed.
  const args = ['rev-parse', ...ASKED, '--is-inside-work-tree', '--show-toplevel'];
  const { stdout } = await git.runCode(args, { signal, okCodes: [0, 128] }).then(throwWithoutAnswer(git, args, signal));
  const [bare, shallow, gitDir = '', commonDir = '', inside, ...root] = stdout.replace(/\r?\n$/, '').split(/\r?\n/);
  if (bare === 'true') return { kind: 'bare', gitDir: path.resolve(gitDir) };
  if (inside !== 'true') return { kind: 'none' };
  // git before 2.38 has no `safe.bareRepository`: if it accepted the folder as a repository, its output is ignored.
  if (path.resolve(gitDir) === path.resolve(git.cwd)) return { kind: 'bare', gitDir: path.resolve(gitDir) };
  return {
    kind: 'work-tree',
    // a folder's name may contain a line break
    root: path.resolve(root.join('\n')),
    gitDir: path.resolve(gitDir),
    commonDir: path.resolve(git.cwd, commonDir),
    shallow: shallow === 'true',
  };
}

/** If git printed nothing at all, its error is the answer. */
function throwWithoutAnswer(git: Git, args: readonly string[], signal: AbortSignal | undefined) {
  return async (answer: { code: number; stdout: string }) =>
    answer.stdout === '' ? { stdout: await git.run(args, { signal }) } : answer;
}

async function readHead(
  git: Git,
  signal: AbortSignal | undefined,
): Promise<Pick<Repository, 'branch' | 'head' | 'sparse'>> {
  // simple-git waits 50 ms longer for a process without output: hence the default.
  const quiet = { signal, okCodes: [0, 1] };
  const [branch, head, sparse] = await Promise.all([
    git.run(['symbolic-ref', '--quiet', 'HEAD'], quiet),
    git.run(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], quiet),
    git.run(['config', '--type=bool', '--default=false', '--get', 'core.sparseCheckout'], quiet),
  ]);
  return {
    branch: branch.trim().replace(/^refs\/heads\//, '') || undefined,
    head: head.trim() || undefined,
    sparse: sparse.trim() === 'true',
  };
}

/** The repository after HEAD moved to `head`, without a process; undefined if HEAD's file has no branch (reftable). */
export async function followHead(repository: Repository, head: string): Promise<Repository | undefined> {
  const [text, operation] = await Promise.all([
    readFile(path.join(repository.gitDir, 'HEAD'), 'utf8').catch(() => ''),
    findOperation(repository.gitDir),
  ]);
  const branch = /^ref: refs\/heads\/(\S+)\s*$/.exec(text)?.[1];
  const isDetached = text.trim() === head;
  if (!isDetached && (branch === undefined || branch === '.invalid')) return undefined;
  return { ...repository, head, branch, operation };
}

const UNDER_WAY = [
  ['rebase-merge', 'rebase'],
  ['rebase-apply', 'rebase'],
  ['MERGE_HEAD', 'merge'],
  ['CHERRY_PICK_HEAD', 'cherry-pick'],
  ['REVERT_HEAD', 'revert'],
  ['BISECT_LOG', 'bisect'],
] as const;

async function findOperation(gitDir: string): Promise<Repository['operation']> {
  const there = await Promise.all(UNDER_WAY.map(([file]) => diskFiles.exists(path.join(gitDir, file))));
  return UNDER_WAY[there.indexOf(true)]?.[1];
}

function relativeTo(root: string, folder: string): string {
  const relative = path.relative(root, folder).split(path.sep).join('/');
  return relative === '' ? '' : `${relative}/`;
}
