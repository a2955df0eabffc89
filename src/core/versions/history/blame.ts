import { boundsOf } from '../../base/files/read-file.ts';
import type { RepositoryContext } from '../context.ts';
import { readFileAt } from '../git/files-at.ts';
import type { Author } from '../git/identity.ts';
import { absolutePath } from '../git/repository-path.ts';

export interface BlameLine {
  /** 1-based. */
  line: number;
  commit: string;
  /** All zeros in git: not committed yet. */
  uncommitted: boolean;
  author: Author;
  at: number;
  subject: string;
  path: string;
  originalLine: number;
}

/** The last change of each line of the file in the editor. If the file is not in HEAD, every line is uncommitted. */
export async function readBlame(
  context: RepositoryContext,
  path: string,
  { text, signal }: { text?: string | undefined; signal?: AbortSignal | undefined } = {},
): Promise<BlameLine[]> {
  const file = absolutePath(context, path);
  const source = text ?? (await context.ports.files.readText(file, { within: boundsOf(file, context.folder) }));
  const { head } = context.repository;
  const isKnown = head !== undefined && (await readFileAt(context, head, path)) !== undefined;
  if (!isKnown) return linesOf(source).map((_, index) => uncommittedLine(index + 1, path));
  const args = ['blame', '--line-porcelain', '--encoding=UTF-8', '--contents', '-', '--', path];
  return parseBlame(await context.git.run(args, { input: source, signal }));
}

function linesOf(source: string): string[] {
  const lines = source.split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

function uncommittedLine(line: number, path: string): BlameLine {
  const author = { name: '', email: '' };
  return { line, commit: '0'.repeat(40), uncommitted: true, author, at: 0, subject: '', path, originalLine: line };
}

/** A header of hash and line numbers, then fields, then the line itself after a tab. */
function parseBlame(output: string): BlameLine[] {
  const lines: BlameLine[] = [];
  let header: string[] = [];
  let fields = new Map<string, string>();
  for (const row of output.split('\n')) {
    if (row.startsWith('\t')) {
      lines.push(toLine(header, fields));
      header = [];
      fields = new Map();
    } else if (header.length === 0) {
      header = row.split(' ');
    } else {
      const space = row.indexOf(' ');
      fields.set(space < 0 ? row : row.slice(0, space), space < 0 ? '' : row.slice(space + 1));
    }
  }
  return lines;
}

function toLine([commit = '', original, line]: string[], fields: ReadonlyMap<string, string>): BlameLine {
  const uncommitted = /^0+$/.test(commit);
  return {
    line: Number(line),
    commit,
    uncommitted,
    author: {
      name: uncommitted ? '' : (fields.get('author') ?? ''),
      email: uncommitted ? '' : (fields.get('author-mail') ?? '').replace(/^<|>$/g, ''),
    },
    at: Number(fields.get('author-time') ?? 0) * 1000,
    subject: uncommitted ? '' : (fields.get('summary') ?? ''),
    path: unquotePath(fields.get('filename') ?? ''),
    originalLine: Number(original),
  };
}

const ESCAPES: Record<string, string> = { t: '\t', n: '\n', r: '\r', '"': '"', '\\': '\\' };

/** git quotes a name with a quote, a tab or a line break, in C's manner. */
function unquotePath(path: string): string {
  if (!path.startsWith('"')) return path;
  return path.slice(1, -1).replace(/\\(.)/g, (_, character: string) => ESCAPES[character] ?? character);
}
