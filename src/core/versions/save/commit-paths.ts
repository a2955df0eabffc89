import { constants } from 'node:fs';
import { access, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../../base/errors.ts';
import type { RepositoryContext } from '../context.ts';
import { type PathState, readIndex, readTree } from '../git/path-states.ts';

interface PathsCommit {
  /** Of the prompt, its changed partials, and the path that it was renamed from. */
  states: readonly PathState[];
  message: string;
  env: Record<string, string>;
  /** Written to the reflog, so that the commit of a killed save is found again. */
  id: string;
  signal?: AbortSignal | undefined;
}

/** A hook may run the tests of a whole project. */
const TIMEOUT_MS = 600_000;

/** git's warnings about line endings are not output of a hook. */
const NOISE =
  /^(?:warning: (?:in the working copy of .*|(?:CR)?LF will be replaced by .*)|The file will have its original line endings.*)$/;

export function reflogAction(id: string): string {
  return `llmops save ${id}`;
}

/** Commits the files of these paths and nothing else that is staged; returns the commit and the output of hooks. */
export async function commitPaths(
  context: RepositoryContext,
  { states, message, env, id, signal }: PathsCommit,
): Promise<{ commit: string; output: string }> {
  const { git, repository } = context;
  const paths = states.map((state) => state.path);
  await announce(context, states, signal);
  const file = path.join(context.repository.gitDir, 'llmops', `message-${id}`);
  await writeFile(file, message.endsWith('\n') ? message : `${message}\n`);
  try {
    const args = ['commit', '--quiet', '--only', '--cleanup=whitespace', `--file=${file}`, '--', ...paths];
    const { code, stdout, stderr } = await git.at(repository.root).runCode(args, {
      okCodes: [0, 1],
      env: { ...env, GIT_REFLOG_ACTION: reflogAction(id) },
      timeoutMs: TIMEOUT_MS,
      signal,
    });
    const output = cleanOutput(`${stdout}\n${stderr}`);
    if (code !== 0) throw (await explainOtherSave(context, paths)) ?? (await explainRefusal(context, output));
    return { commit: (await git.run(['rev-parse', '--verify', 'HEAD'])).trim(), output };
  } finally {
    await rm(file, { force: true });
  }
}

/** `commit --only` accepts files that git knows: a new one is announced first, without its content. */
async function announce({ git }: RepositoryContext, states: readonly PathState[], signal?: AbortSignal) {
  const fresh = states.filter(({ index, intentToAdd, onDisk }) => !index && !intentToAdd && onDisk);
  if (fresh.length === 0) return;
  await git.run(['add', '--intent-to-add', '--', ...fresh.map((state) => state.path)], { signal });
}

/** Reverts `announce` if nothing was committed. */
export async function revertAnnounced({ git }: RepositoryContext, paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return;
  const status = await git.run(['status', '--porcelain=v2', '-z', '--', ...paths]);
  const announced = paths.filter((one) =>
    status.split('\0').some((line) => line.startsWith('1 .A ') && line.endsWith(` ${one}`)),
  );
  if (announced.length > 0) await git.run(['update-index', '--force-remove', '--', ...announced]);
}

/**
 * Updates the index to the commit, if it still has the previous content: a hook that reformats changes the commit and
 * leaves the index behind, and so does a process that ends in between.
 */
export async function updateIndex(
  context: RepositoryContext,
  commit: string,
  before: ReadonlyMap<string, readonly (string | undefined)[]>,
): Promise<void> {
  const { git } = context;
  const paths = [...before.keys()];
  const [tree, entries] = await Promise.all([
    readTree(context, commit, paths),
    git.run(['ls-files', '--stage', '-z', '--', ...paths]),
  ]);
  const index = readIndex(entries);
  const behind = paths.filter((one) => {
    const entry = index.get(one);
    const known = before.get(one)?.map(blobOf) ?? [];
    const isAnnounced = known.includes(undefined) && EMPTY_BLOBS.has(blobOf(entry));
    return entry !== tree.get(one) && (isAnnounced || known.includes(blobOf(entry)));
  });
  if (behind.length > 0) await git.run(['reset', '--quiet', '--', ...behind], { okCodes: [0, 1] });
}

/** The index entry of a file that is only announced; SHA-1 and SHA-256. */
const EMPTY_BLOBS = new Set<string | undefined>([
  'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391',
  '473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813',
]);

/** The mode of a new file is unknown before git has seen it. */
function blobOf(entry: string | undefined): string | undefined {
  return entry?.slice(entry.indexOf(' ') + 1);
}

/** Paths that a commit changed. */
export async function changedBy({ git }: RepositoryContext, commit: string): Promise<string[]> {
  const args = ['diff-tree', '-r', '--root', '--no-commit-id', '--no-renames', '--name-only', '-z', commit];
  return (await git.run(args)).split('\0').filter(Boolean);
}

/** Another save of the same files may have been faster: then git finds nothing to commit. */
async function explainOtherSave(
  { git, repository }: RepositoryContext,
  paths: readonly string[],
): Promise<UserError | undefined> {
  const head = (await git.run(['rev-parse', '--verify', '--quiet', 'HEAD'], { okCodes: [0, 1] })).trim();
  if (head === '' || head === repository.head) return undefined;
  const status = await git.run(['status', '--porcelain', '-z', '--', ...paths], { mayPrintNothing: true });
  if (status !== '') return undefined;
  return new UserError(
    `Another save came first: ${paths.join(', ')} ${paths.length === 1 ? 'is' : 'are'} now committed as ${head.slice(0, 10)}.`,
    {
      code: 'nothing-to-save',
      hint: 'This save committed nothing, and your message was not used. To set a label, save again.',
    },
  );
}

const HOOKS = ['pre-commit', 'prepare-commit-msg', 'commit-msg'];

async function explainRefusal({ git, repository }: RepositoryContext, output: string): Promise<UserError> {
  const folder = (await git.run(['rev-parse', '--git-path', 'hooks'])).trim();
  const present: string[] = [];
  for (const hook of HOOKS) {
    const file = path.resolve(repository.root, folder, hook);
    const runs = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runs) present.push(hook);
  }
  if (present.length === 0) {
    return new UserError(`git found nothing to commit. ${output}`.trim(), {
      code: 'nothing-to-save',
      hint: 'Change the prompt, then save.',
    });
  }
  const said = output === '' ? 'It printed nothing.' : `It printed:\n${output}`;
  return new UserError(`A hook of this repository (${present.join(', ')}) refused the commit. ${said}`, {
    code: 'hook-failed',
    hint: 'Fix what the hook asks for, then save again. Nothing was committed.',
  });
}

function cleanOutput(text: string): string {
  return text
    .split(/\r?\n/)
    .filter((line) => !NOISE.test(line))
    .join('\n')
    .trim();
}
