import type { RepositoryContext } from '../context.ts';
import type { Author } from '../git/identity.ts';
import { repositoryCache } from '../repository-cache.ts';

/** A file that a commit changed, as printed by `git log --raw`; in a merge, one that differs from every parent's. */
interface LogChange {
  path: string;
  /** True if the file no longer exists in the commit. */
  removed: boolean;
  /** The number of parents it was compared with: all that the repository has of them. */
  parents: number;
  /** The new entry: the blob's hash, abbreviated by git, and whether it is a link. */
  blob: string;
  isLink: boolean;
}

export interface LogEntry {
  commit: string;
  shortCommit: string;
  /** The nearest listed ancestors, not git's parents: between them no listed file changed. */
  parents: string[];
  author: Author;
  /** Epoch milliseconds. */
  authoredAt: number;
  committedAt: number;
  subject: string;
  changes: LogChange[];
}

interface FileLog {
  /** Newest first, as git orders them. */
  entries: LogEntry[];
  /** False if git was limited to fewer entries. */
  complete: boolean;
}

interface LogRequest {
  /** Full hashes, or options such as `--branches`; never user input. */
  tips: readonly string[];
  paths: readonly string[];
  count: number;
  signal?: AbortSignal | undefined;
}

const FORMAT = '--format=%x01%H%x00%h%x00%P%x00%an%x00%ae%x00%at%x00%ct%x00%s';
const HEADER_FIELDS = 8;

/** The output must not depend on the user's configuration, and text is UTF-8. */
const CONFIG = ['-c', 'log.showRoot=true'];
const SHOWN = ['-z', '--encoding=UTF-8', '--no-notes', FORMAT];
/**
 * Every branch of the graph, whatever a merge made of it, and merges so that the graph stays connected. Reversed, since
 * git forgets the parents of a commit that it has printed: a descendant that comes later, because of a wrong clock,
 * loses them.
 */
const GRAPH = ['--full-history', '--parents', '--reverse', '--no-follow'];
const CHANGES = ['--raw', '-c', '--no-renames', '--no-ext-diff'];

/** How many entries of recent logs are cached in total: some megabytes. A longer log is read again for each page. */
const MOST_KEPT = 20_000;
const logsOf = repositoryCache<FileLog>({ maxSize: MOST_KEPT, sizeCalculation: ({ entries }) => entries.length + 1 });

/**
 * The commits that changed one of these files, and the merges between them, as a graph. What a commit reaches never
 * changes, so a page that was read is cached.
 */
export async function logCommits(context: RepositoryContext, request: LogRequest): Promise<FileLog> {
  const { tips, paths, count, signal } = request;
  const logs = logsOf(context);
  const key = JSON.stringify([tips, [...paths].sort()]);
  const isPinned = tips.every(isHash);
  const known = isPinned ? logs.get(key) : undefined;
  if (known && (known.complete || known.entries.length >= count)) return known;
  const args = [...CONFIG, 'log', ...SHOWN, ...GRAPH, ...CHANGES, '-n', String(count), ...tips, '--', ...paths];
  const entries = parseLog(await context.git.run(args, { signal, mayPrintNothing: true })).reverse();
  const log = { entries, complete: entries.length < count };
  if (isPinned && entries.length <= MOST_KEPT) logs.set(key, log);
  return log;
}

/**
 * One commit alone, as an entry without parents and changes; undefined if there is none. Its object is read instead of
 * starting another process, unless its text has another encoding.
 */
export async function logOnly(
  { git, objects }: RepositoryContext,
  commit: string,
  { shortLength, signal }: { shortLength: number; signal?: AbortSignal | undefined },
): Promise<LogEntry | undefined> {
  const object = await objects.read(commit);
  if (object?.type !== 'commit') return undefined;
  const text = object.bytes.toString('utf8');
  const end = text.indexOf('\n\n');
  const head = end < 0 ? text : text.slice(0, end);
  const [author, committer] = ['author', 'committer'].map((role) =>
    new RegExp(`^${role} (.*?) ?<([^>]*)> (\\d+)`, 'm').exec(head),
  );
  if (!author || !committer || /^encoding /m.test(head)) {
    const args = [...CONFIG, 'log', ...SHOWN, '--no-walk=unsorted', '--no-patch', commit, '--'];
    const [entry] = parseLog(await git.run(args, { signal, mayPrintNothing: true }));
    return entry && { ...entry, parents: [] };
  }
  const [title = ''] = text
    .slice(head.length)
    .replace(/^\n+/, '')
    .split(/\n\s*\n/);
  return {
    commit,
    shortCommit: commit.slice(0, shortLength),
    parents: [],
    author: { name: author[1] ?? '', email: author[2] ?? '' },
    authoredAt: Number(author[3]) * 1000,
    committedAt: Number(committer[3]) * 1000,
    subject: title.trimEnd().replaceAll('\n', ' '),
    changes: [],
  };
}

export function isHash(revision: unknown): revision is string {
  return typeof revision === 'string' && /^[0-9a-f]{40,64}$/.test(revision);
}

/** Fields end with NUL; a commit starts with the character 1, its changes with a colon. */
function parseLog(output: string): LogEntry[] {
  const tokens = output.split('\0');
  const entries: LogEntry[] = [];
  for (let at = 0; at < tokens.length; ) {
    const token = (tokens[at] ?? '').replace(/^\n/, '');
    if (token.startsWith('\u0001')) {
      entries.push(toEntry(tokens.slice(at, at + HEADER_FIELDS)));
      at += HEADER_FIELDS;
    } else if (token.startsWith(':')) {
      entries.at(-1)?.changes.push(toChange(token, tokens[at + 1] ?? ''));
      at += 2;
    } else {
      at += 1;
    }
  }
  return entries;
}

function toEntry([
  commit = '',
  shortCommit = '',
  parents = '',
  name = '',
  email = '',
  authored,
  committed,
  subject = '',
]: string[]): LogEntry {
  return {
    commit: commit.replace(/^\n?\u0001/, ''),
    shortCommit,
    parents: parents.split(' ').filter(Boolean),
    author: { name, email },
    authoredAt: Number(authored) * 1000,
    committedAt: Number(committed) * 1000,
    subject,
    changes: [],
  };
}

/** `:100644 100644 <old> <new> M`; of a merge a colon, a mode and a hash for each parent, and for the result. */
function toChange(raw: string, path: string): LogChange {
  const fields = raw.split(' ');
  const parents = raw.lastIndexOf(':') + 1;
  const blob = fields.at(-2) ?? '';
  return { path, removed: /^0+$/.test(blob), parents, blob, isLink: fields[parents] === '120000' };
}
