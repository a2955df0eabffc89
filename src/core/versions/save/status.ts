import type { RepositoryContext } from '../context.ts';

/** A file that differs from HEAD or from its staged content, as reported by `git status`. */
export interface StatusEntry {
  kind: 'changed' | 'untracked' | 'conflicted' | 'deleted';
  /** The staged content differs from both HEAD and the file. */
  stagedDifferently: boolean;
}

const STATUS = ['status', '--porcelain=v2', '-z', '--untracked-files=all', '--no-renames', '--ignore-submodules=all'];

/** For these files, by repository path; a missing one is unchanged since HEAD, or ignored. */
export async function readStatus(
  { git }: RepositoryContext,
  paths: readonly string[],
  signal?: AbortSignal,
): Promise<Map<string, StatusEntry>> {
  return parseStatus(await git.run([...STATUS, '--', ...paths], { signal, mayPrintNothing: true }));
}

/** For every prompt and partial in the workspace's folder. */
export async function readFolderStatus(
  context: RepositoryContext,
  signal?: AbortSignal,
): Promise<Map<string, StatusEntry>> {
  const { folderPath } = context.repository;
  // Called with our own pattern, so without the flag for literal pathspecs. Always from the root: the workspace's
  // folder may be disguised as a git directory.
  const pattern = `./${asPattern(folderPath)}*.prompt`;
  const args = ['--no-literal-pathspecs', ...STATUS, '--', pattern];
  return parseStatus(await context.git.run(args, { signal, mayPrintNothing: true }));
}

/** A path in a pattern of git, with each special character escaped. */
function asPattern(path: string): string {
  return path.replace(/[*?[]/g, '[$&]').replaceAll('\\', '[\\\\]');
}

function parseStatus(output: string): Map<string, StatusEntry> {
  const entries = new Map<string, StatusEntry>();
  for (const line of output.split('\0')) {
    const found = parseLine(line);
    if (!found) continue;
    const { path, ...entry } = found;
    const known = entries.get(path);
    // Unstaged while the file stayed: git reports both.
    const isBoth = known?.kind === 'deleted' && entry.kind === 'untracked';
    entries.set(path, isBoth ? { kind: 'changed', stagedDifferently: true } : entry);
  }
  return entries;
}

/** Fields before the path: `1 XY sub mH mI mW hH hI <path>`, `u XY sub m1 m2 m3 mW h1 h2 h3 <path>`, `? <path>`. */
const BEFORE_PATH: Record<string, number> = { '1': 8, u: 10, '?': 1 };

function parseLine(line: string): (StatusEntry & { path: string }) | undefined {
  const count = BEFORE_PATH[line[0] ?? ''];
  if (count === undefined) return undefined;
  const fields = line.split(' ');
  const path = fields.slice(count).join(' ');
  if (line[0] === '?') return { path, kind: 'untracked', stagedDifferently: false };
  if (line[0] === 'u') return { path, kind: 'conflicted', stagedDifferently: false };
  const [staged = '.', unstaged = '.'] = fields[1] ?? '';
  const isDeleted = unstaged === 'D' || (staged === 'D' && unstaged === '.');
  return { path, kind: isDeleted ? 'deleted' : 'changed', stagedDifferently: staged !== '.' && unstaged !== '.' };
}
