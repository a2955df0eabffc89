import type { RepositoryContext } from '../context.ts';

/** A note in one state of the notes: its object, the note's own blob, and its size in bytes. */
export interface ListedNote {
  on: string;
  note: string;
  size: number;
}

/** A record takes about 450 bytes. Larger notes were not written by this product, and would slow everybody down. */
export const LARGEST_NOTE = 4_000_000;

/** The maximum amount of note text that is read at a time. */
const MOST_TEXT = 64_000_000;

/** Every note of one state by its object; empty if there is something else than notes. */
export async function listNotes(
  { git, objects }: RepositoryContext,
  tip: string | undefined,
  signal?: AbortSignal,
): Promise<Map<string, ListedNote>> {
  if (tip === undefined || (await objects.read(tip))?.type !== 'commit') return new Map();
  const entries = await git.run(['ls-tree', '-r', '-l', '-z', tip], { signal, mayPrintNothing: true });
  return new Map(
    entries.split('\0').flatMap((entry): [string, ListedNote][] => {
      const [, note, size, path] = /^\d+ blob ([0-9a-f]+) +(\d+)\t(.*)$/s.exec(entry) ?? [];
      if (note === undefined || path === undefined) return [];
      // git distributes many notes over folders
      const on = path.replaceAll('/', '');
      return [[on, { on, note, size: Number(size) }]];
    }),
  );
}

/** The notes that are read: none that is too large, and only this much in total. The smallest come first. */
export function readableNotes(notes: Iterable<ListedNote>): ListedNote[] {
  const small = [...notes].filter(({ size }) => size <= LARGEST_NOTE).sort((a, b) => a.size - b.size);
  let room = MOST_TEXT;
  return small.filter(({ size }) => {
    room -= size;
    return room >= 0;
  });
}

export function linesOf(note: string): string[] {
  return note.split(/\r?\n/).filter((line) => line.trim() !== '');
}

/** The number of lines that one state has and the other has not; notes too large to read are reported with a size. */
export async function describeNewLines(
  context: RepositoryContext,
  from: string | undefined,
  to: string,
): Promise<string> {
  const [before, after] = await Promise.all([listNotes(context, from), listNotes(context, to)]);
  const changed = [...after.values()].filter(({ on, note }) => before.get(on)?.note !== note);
  const readable = readableNotes(changed.filter(({ on }) => (before.get(on)?.size ?? 0) <= LARGEST_NOTE));
  const counts = await Promise.all(
    readable.map(async ({ on, note }) => {
      const old = before.get(on);
      const known = new Set(old ? linesOf((await context.objects.text(old.note)) ?? '') : []);
      return linesOf((await context.objects.text(note)) ?? '').filter((line) => !known.has(line)).length;
    }),
  );
  const count = counts.reduce((sum, one) => sum + one, 0);
  const unread = changed.filter((note) => !readable.includes(note));
  const results = count === 1 ? '1 result' : `${count} results`;
  if (unread.length === 0) return results;
  const size = megabytes(unread.reduce((sum, note) => sum + note.size, 0));
  return `${results}, and ${unread.length === 1 ? 'a note' : `${unread.length} notes`} of ${size} that ${unread.length === 1 ? 'is' : 'are'} too large to be read`;
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(bytes < 10_000_000 ? 1 : 0)} MB`;
}
