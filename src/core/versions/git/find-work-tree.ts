import { lstat, realpath, stat } from 'node:fs/promises';
import path from 'node:path';

/** Where git may run for a folder. */
type FoundRepository =
  | { kind: 'none' }
  /** The folder is a git directory, or in one: there are no work-tree files. */
  | { kind: 'bare'; gitDir: string }
  /** `root` has the `.git` entry; git is only ever started there. */
  | { kind: 'work-tree'; root: string };

/**
 * The repository of a folder: the nearest folder at or above it with a `.git` entry. git itself would also accept a
 * folder that is a git directory (HEAD, objects, refs, config), and a commit can contain one, whose configuration can
 * run programs. No commit can contain a `.git`. Like git, this stops at another file system and below a ceiling
 * directory.
 */
export async function findWorkTree(folder: string, env: Record<string, string | undefined>): Promise<FoundRepository> {
  const ceilings = await readCeilings(env.GIT_CEILING_DIRECTORIES);
  const start = await realpath(folder);
  const device = await deviceOf(start);
  let bare: string | undefined;
  for (let place = start; ; place = path.dirname(place)) {
    if ((await deviceOf(place)) !== device) break;
    if (await hasGitEntry(place)) return { kind: 'work-tree', root: place };
    if (bare === undefined && (await isGitDirectory(place))) bare = place;
    const above = path.dirname(place);
    if (above === place || ceilings.has(above)) break;
  }
  return bare === undefined ? { kind: 'none' } : { kind: 'bare', gitDir: bare };
}

/** A `.git` folder, or the file of a linked work tree or a submodule. An entry that git would ignore does not count. */
export async function hasGitEntry(folder: string): Promise<boolean> {
  const entry = path.join(folder, '.git');
  const found = await stat(entry).catch(() => undefined);
  return found !== undefined && (found.isFile() || (found.isDirectory() && (await isGitDirectory(entry))));
}

/** What git accepts as a git directory; a linked work tree's has its objects elsewhere (`commondir`). */
async function isGitDirectory(folder: string): Promise<boolean> {
  const isThere = (name: string) =>
    lstat(path.join(folder, name)).then(
      () => true,
      () => false,
    );
  if (!(await isThere('HEAD'))) return false;
  return (await isThere('commondir')) || ((await isThere('objects')) && (await isThere('refs')));
}

async function deviceOf(folder: string): Promise<number | undefined> {
  return (await stat(folder).catch(() => undefined))?.dev;
}

/** `GIT_CEILING_DIRECTORIES`: links in it are resolved up to an empty entry. */
async function readCeilings(setting: string | undefined): Promise<Set<string>> {
  const ceilings = new Set<string>();
  let resolves = true;
  for (const entry of (setting ?? '').split(path.delimiter)) {
    if (entry === '') resolves = false;
    else if (path.isAbsolute(entry)) {
      const plain = path.resolve(entry);
      ceilings.add(resolves ? await realpath(plain).catch(() => plain) : plain);
    }
  }
  return ceilings;
}
