import type { RepositoryContext } from '../context.ts';

/** Usual names of the branch to merge into. */
const USUAL = ['refs/remotes/origin/main', 'refs/remotes/origin/master', 'refs/heads/main', 'refs/heads/master'];

/**
 * The commit at which this branch forked from the one it will be merged into: the remote's default branch, otherwise
 * one with a usual name. On that branch itself it is its upstream. Undefined if there is no such branch, or nothing in
 * common with it.
 */
export async function findMergeBase(
  context: RepositoryContext,
  signal?: AbortSignal,
): Promise<{ base: string; upstream: string } | undefined> {
  const { git, repository } = context;
  const target = await findTarget(context, signal);
  if (repository.head === undefined || target === undefined) return undefined;
  const args = ['merge-base', repository.head, target];
  const { stdout } = await git.runCode(args, { signal, okCodes: [0, 1] });
  const [base = ''] = stdout.split('\n');
  return base === '' ? undefined : { base, upstream: target.replace(/^refs\/(?:heads|remotes)\//, '') };
}

async function findTarget(context: RepositoryContext, signal: AbortSignal | undefined): Promise<string | undefined> {
  const { git, objects, repository } = context;
  const args = ['symbolic-ref', '--quiet', 'refs/remotes/origin/HEAD'];
  const named = (await git.run(args, { signal, okCodes: [0, 1, 128] })).trim();
  for (const ref of named === '' ? USUAL : [named, ...USUAL]) {
    if (!(await objects.read(`${ref}^{commit}`))) continue;
    const branch = ref.replace(/^refs\/(?:heads|remotes\/origin)\//, '');
    return branch === repository.branch ? readUpstream(context, signal) : ref;
  }
  return readUpstream(context, signal);
}

/** The upstream of the current branch, if it was fetched. */
async function readUpstream(
  { git, objects, repository }: RepositoryContext,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  if (repository.branch === undefined) return undefined;
  const args = ['for-each-ref', '--format=%(upstream)', `refs/heads/${repository.branch}`];
  const upstream = (await git.run(args, { signal })).trim();
  return upstream !== '' && (await objects.read(`${upstream}^{commit}`)) ? upstream : undefined;
}
