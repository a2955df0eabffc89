import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { RepositoryContext } from '../context.ts';
import { scratchFile } from '../save/pending-saves.ts';

/**
 * The path that a new file had at HEAD, if it is a renamed one: a prompt that is gone from the disk and that git
 * considers the same. Without it, the old file would live on in history, and the new one would start over.
 */
export async function findRename(
  context: RepositoryContext,
  file: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const { git, repository } = context;
  if (repository.head === undefined) return undefined;
  const gone = await git.run(['diff', '--name-only', '--no-renames', '--diff-filter=D', '-z', repository.head], {
    signal,
  });
  const candidates = gone.split('\0').filter((one) => path.extname(one) === path.extname(file) && one !== file);
  if (candidates.length === 0) return undefined;
  const index = await scratchFile(context, 'rename');
  const env = { GIT_INDEX_FILE: index };
  try {
    await git.run(['read-tree', repository.head], { env, signal });
    await git.run(['update-index', '--add', '--remove', '--', file, ...candidates], { env, signal });
    const args = ['diff', '--cached', '--find-renames', '--diff-filter=R', '--name-status', '-z', repository.head];
    const fields = (await git.run(args, { env, signal })).split('\0');
    const at = fields.findIndex((field, place) => field === file && /^R\d+$/.test(fields[place - 2] ?? ''));
    return at < 0 ? undefined : fields[at - 1];
  } finally {
    for (const left of [index, `${index}.lock`]) await rm(left, { force: true });
  }
}
