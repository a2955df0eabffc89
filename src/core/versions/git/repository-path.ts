import path from 'node:path';
import { UserError } from '../../base/errors.ts';
import { isPathInside } from '../../base/files/read-file.ts';
import type { RepositoryContext } from '../context.ts';
import { toRepositoryPath } from '../names/ref-names.ts';
import { repositoryCache } from '../repository-cache.ts';

/**
 * A file as git names it: relative to the repository, with `/`. The workspace's folder may have been opened through a
 * symbolic link, which git has resolved. Throws `usage` if the file is outside the repository.
 */
export function repositoryPath(context: RepositoryContext, file: string): string {
  const known = pathsOf(context);
  const relative = known.get(file) ?? toRelative(context, file);
  known.set(file, relative);
  return relative;
}

/** Thousands of prompts look up the same partials in the same folders. */
const pathsOf = repositoryCache<string>({ max: 5000 });

function toRelative({ folder, repository }: RepositoryContext, file: string): string {
  const absolute = path.resolve(folder, file);
  if (!isPathInside(folder, absolute)) return toRepositoryPath(repository.root, absolute);
  return toRepositoryPath(
    repository.root,
    path.join(repository.root, repository.folderPath, path.relative(folder, absolute)),
  );
}

/** The absolute path of a repository's file in the work tree, by the workspace's spelling. */
export function absolutePath({ folder, repository }: RepositoryContext, relative: string): string {
  const { root, folderPath } = repository;
  const absolute = path.resolve(root, relative);
  if (!isPathInside(root, absolute)) {
    throw new UserError(`${relative} is not inside the repository ${root}.`, { code: 'usage' });
  }
  return relative.startsWith(folderPath) ? path.resolve(folder, relative.slice(folderPath.length)) : absolute;
}

/** Like `repositoryPath`; throws `no-repository` for a file of a submodule, whose history is in another repository. */
export async function ownPath(context: RepositoryContext, file: string): Promise<string> {
  const relative = repositoryPath(context, file);
  const folders = relative.split('/').slice(0, -1);
  const above = folders.map((_, index) => folders.slice(0, index + 1).join('/'));
  const isNested = await Promise.all(
    above.map((folder) => context.ports.files.exists(path.join(absolutePath(context, folder), '.git'))),
  );
  const nested = above[isNested.lastIndexOf(true)];
  if (nested === undefined) return relative;
  throw new UserError(`${relative} is in the repository ${nested} inside this one, which has its own history.`, {
    code: 'no-repository',
    hint: `Open the folder ${nested} to see it.`,
  });
}
