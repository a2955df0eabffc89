import { UserError } from '../../base/errors.ts';
import type { RepositoryContext } from '../context.ts';
import { repositoryCache } from '../repository-cache.ts';

/** A symbolic link in a commit: its path, and the name of its target. */
export interface CommitLink {
  path: string;
  target: string;
}

const LINK = '120000';
/** No file system allows a longer target name. */
const LONGEST_TARGET = 4096;

/** Whether a file's text could be a link target: normal texts end with a line break, and are longer. */
export function mayBeLink(text: string): boolean {
  return text !== '' && text.length <= LONGEST_TARGET && !text.endsWith('\n');
}

/** Links in a folder of a commit. */
const foldersOf = repositoryCache<Promise<ReadonlySet<string>>>({ max: 2000 });

/** Whether a commit has a link at this path. A folder is read once for all files in it. */
export async function isLinkAt(context: RepositoryContext, commit: string, file: string): Promise<boolean> {
  const slash = file.lastIndexOf('/');
  const name = `${commit}:${file.slice(0, Math.max(0, slash))}`;
  const links = foldersOf(context).get(name) ?? keepFolder(context, name);
  return (await links).has(file.slice(slash + 1));
}

/** A failure is not cached: the remote of a partial clone may be available again later. */
function keepFolder(context: RepositoryContext, name: string): Promise<ReadonlySet<string>> {
  const folders = foldersOf(context);
  const links = readFolder(context, name);
  folders.set(name, links);
  links.catch(() => folders.delete(name));
  return links;
}

async function readFolder({ objects }: RepositoryContext, name: string): Promise<ReadonlySet<string>> {
  const tree = await objects.read(name);
  return new Set(tree?.type === 'tree' ? linksIn(tree.bytes, tree.hash.length / 2) : []);
}

/** `<mode> <name>\0<hash>` each; the hash is in bytes. */
function linksIn(tree: Buffer, hashLength: number): string[] {
  const links: string[] = [];
  for (let at = 0; at < tree.length; ) {
    const space = tree.indexOf(32, at);
    const end = tree.indexOf(0, space);
    if (space < 0 || end < 0) break;
    if (tree.toString('latin1', at, space) === LINK) links.push(tree.toString('utf8', space + 1, end));
    at = end + 1 + hashLength;
  }
  return links;
}

/** The text of a link in a commit is the name of its target: it is not a prompt, a partial or a schema. */
export function linkInCommit(file: string, commit: string, target: string): UserError {
  return new UserError(
    `${file} is a symbolic link to ${target} in ${commit.slice(0, 10)}: git keeps only the name of its target.`,
    { code: 'usage', hint: 'Use the file that it points to, with the version after the @.' },
  );
}

/** For code that uses a version's text as a prompt; showing and comparing git's content needs no such check. */
export function refuseLink({ link, commit }: { link: CommitLink | undefined; commit: string }): void {
  if (link) throw linkInCommit(link.path, commit, link.target);
}
