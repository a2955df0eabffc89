import type { RepositoryContext } from './context.ts';
import { isPartialFile } from './prompt-names.ts';

/** Paths of the prompts that a commit has, partials not among them. */
export async function listFilesAt({ git }: RepositoryContext, commit: string, signal?: AbortSignal): Promise<string[]> {
  const output = await git.run(['ls-tree', '-r', '-z', '--name-only', '--full-tree', commit], { signal });
  return output.split('\0').filter((path) => path.endsWith('.prompt') && !isPartialFile(path));
}
