import { type BoundedCache, createBoundedCache } from './bounded-cache.ts';
import type { RepositoryContext } from './context.ts';
import type { ObjectReader } from './object-reader.ts';
import type { Author } from './versions.ts';

/** A file that a commit changed, as `git log --raw` tells it. */
export interface LogChange {
  /** `A`, `C`, `M`, `D`, `R`, `T`; of a merge the letter against each parent. */
  status: string;
  path: string;
  renamedFrom: string | undefined;
  /** True where the commit has no such file any more. */
  removed: boolean;
  /** True where the content is another than before. */
  rewritten: boolean;
}

export interface LogEntry {
  commit: string;
  shortCommit: string;
  author: Author;
  /** Epoch milliseconds. */
  authoredAt: number;
  committedAt: number;
  subject: string;
  changes: LogChange[];
}

export interface FileLog {
  /** Newest first, as git orders them. */
  entries: LogEntry[];
  /** False where git was told to stop before the end. */
  complete: boolean;
}

export interface LogRequest {
  /** Full hashes, or options such as `--branches`; never what a user wrote. */
  tips: readonly string[];
  count: number;
  signal?: AbortSignal | undefined;
}

const FORMAT = '--format=%x01%H%x00%h%x00%an%x00%ae%x00%at%x00%ct%x00%s';
const HEADER_FIELDS = 7;

/** What is shown must not depend on the user's configuration, and text is UTF-8. */
const CONFIG = ['-c', 'log.showRoot=true'];
const OPTIONS = ['-z', '--raw', '-c', '--no-ext-diff', '--encoding=UTF-8', '--no-notes', FORMAT];

/**
 * One file, followed across renames. Merges are in it where their file is none of the parents'. Git goes on with the file
 * that a new one resembles, which is another prompt with a history of its own: there it ends.
 */
export async function followFile(context: RepositoryContext, path: string, request: LogRequest): Promise<FileLog> {
  const log = await runLog(context, ['--follow', '--', path], request);
  const copied = log.entries.findIndex(({ changes }) => changes.some(({ status }) => /^C/.test(status)));
  return copied < 0 ? log : { entries: log.entries.slice(0, copied + 1), complete: true };
}

/** Several files by their present names: what explains how they became what they are, with the merges that joined them. */
export function logFiles(context: RepositoryContext, paths: readonly string[], request: LogRequest): Promise<FileLog> {
  return runLog(context, ['--no-follow', '--', ...paths], request);
}

/** Entries that are kept in all, of the logs read last: some megabytes. A longer log is asked for again at each page. */
const MOST_KEPT = 20_000;
const logsOf = new WeakMap<ObjectReader, BoundedCache<FileLog>>();

/** What a commit reaches never changes, so that a page that was read need not be asked for again. */
async function runLog(context: RepositoryContext, what: string[], request: LogRequest): Promise<FileLog> {
  const { tips, count, signal } = request;
  const logs =
    logsOf.get(context.objects) ?? createBoundedCache<FileLog>(MOST_KEPT, ({ entries }) => entries.length + 1);
  logsOf.set(context.objects, logs);
  const key = JSON.stringify([tips, what]);
  const isPinned = tips.every((tip) => /^[0-9a-f]{40,64}$/.test(tip));
  const known = isPinned ? logs.get(key) : undefined;
  if (known && (known.complete || known.entries.length >= count)) return known;
  const args = [...CONFIG, 'log', ...OPTIONS, '-n', String(count), ...tips, ...what];
  const entries = parseLog(await context.git.run(args, { signal, maySayNothing: true }));
  const log = { entries, complete: entries.length < count };
  if (isPinned && entries.length <= MOST_KEPT) logs.set(key, log);
  return log;
}

/** Fields end with NUL; a commit begins with the character 1, its changes with a colon. */
export function parseLog(output: string): LogEntry[] {
  const tokens = output.split('\0');
  const entries: LogEntry[] = [];
  for (let at = 0; at < tokens.length; ) {
    const token = (tokens[at] ?? '').replace(/^\n/, '');
    if (token.startsWith('\u0001')) {
      entries.push(toEntry(tokens.slice(at, at + HEADER_FIELDS)));
      at += HEADER_FIELDS;
    } else if (token.startsWith(':')) {
      const { change, length } = toChange(token, tokens.slice(at + 1, at + 3));
      entries.at(-1)?.changes.push(change);
      at += 1 + length;
    } else {
      at += 1;
    }
  }
  return entries;
}

function toEntry([
  commit = '',
  shortCommit = '',
  name = '',
  email = '',
  authored,
  committed,
  subject = '',
]: string[]): LogEntry {
  return {
    commit: commit.replace(/^\n?\u0001/, ''),
    shortCommit,
    author: { name, email },
    authoredAt: Number(authored) * 1000,
    committedAt: Number(committed) * 1000,
    subject,
    changes: [],
  };
}

/** `:100644 100644 <old> <new> R100`; of a merge a colon, a mode and a hash for each parent, and for the result. */
function toChange(raw: string, [first = '', second = '']: string[]): { change: LogChange; length: number } {
  const parents = /^:+/.exec(raw)?.[0].length ?? 1;
  const fields = raw.slice(parents).split(' ');
  const hashes = fields.slice(parents + 1, -1);
  const status = fields.at(-1) ?? '';
  const blob = hashes.at(-1) ?? '';
  const hasTwoPaths = parents === 1 && /^[RC]/.test(status);
  const change = {
    status,
    path: hasTwoPaths ? second : first,
    renamedFrom: hasTwoPaths && status.startsWith('R') ? first : undefined,
    removed: /^0+$/.test(blob),
    rewritten: hashes[0] !== blob,
  };
  return { change, length: hasTwoPaths ? 2 : 1 };
}
