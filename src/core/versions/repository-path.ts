import path from 'node:path';
import { UserError } from '../base/errors.ts';
import { isInside } from '../prompts/folders-above.ts';
import type { RepositoryContext } from './context.ts';
import { toRepositoryPath } from './names.ts';

/**
 * A file as git names it: relative to the repository, with `/`. The workspace's folder may have been opened through a
 * symbolic link, which git has resolved. Throws `usage` where the file is outside of the repository.
 */
export function repositoryPath({ folder, repository }: RepositoryContext, file: string): string {
  const absolute = path.resolve(folder, file);
  if (!isInside(folder, absolute)) return toRepositoryPath(repository.root, absolute);
  return toRepositoryPath(
    repository.root,
    path.join(repository.root, repository.folderPath, path.relative(folder, absolute)),
  );
}

/** Where a file of the repository is in the work tree, by the name that the workspace has for it. */
export function absolutePath({ folder, repository }: RepositoryContext, relative: string): string {
  const { root, folderPath } = repository;
  const absolute = path.resolve(root, relative);
  if (!isInside(root, absolute)) {
    throw new UserError(`${relative} is not inside the repository ${root}.`, { code: 'usage' });
  }
  return relative.startsWith(folderPath) ? path.resolve(folder, relative.slice(folderPath.length)) : absolute;
}
