import { lstat, readlink } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../../base/errors.ts';
import type { RepositoryContext } from '../context.ts';

/** A symbolic link on the path to a file of the work tree, or the file itself. */
interface FoundLink {
  /** Relative to the repository. */
  path: string;
  /** As written in the link. */
  target: string;
}

/** The first link on the path from the repository's root to a file; git stores the link, not its target. */
async function findWorkTreeLink({ repository }: RepositoryContext, file: string): Promise<FoundLink | undefined> {
  const parts = file.split('/');
  for (const end of parts.keys()) {
    const place = parts.slice(0, end + 1).join('/');
    const absolute = path.join(repository.root, place);
    const found = await lstat(absolute).catch(() => undefined);
    if (!found) return undefined;
    if (found.isSymbolicLink()) return { path: place, target: await readlink(absolute) };
  }
  return undefined;
}

/** A saved version would contain only the target's name; a restored one would overwrite the target. */
export async function refuseWorkTreeLinks(
  context: RepositoryContext,
  files: readonly string[],
  verb: 'saved' | 'restored',
): Promise<void> {
  for (const file of files) {
    const link = await findWorkTreeLink(context, file);
    if (!link) continue;
    const whose = link.path === file ? '' : ` (${file} is reached through it)`;
    const why =
      verb === 'saved'
        ? 'git keeps a link as the name of its target, so no version can be saved of it'
        : 'a version restored into it would be written to that file';
    throw new UserError(`${link.path} is a symbolic link to ${link.target}${whose}: ${why}.`, {
      code: 'usage',
      hint: 'Use the file that it points to, or replace the link with a copy of that file.',
    });
  }
}
