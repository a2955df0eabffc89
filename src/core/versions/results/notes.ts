import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../base/errors.ts';
import type { RepositoryContext } from '../context.ts';
import { isRefLocked } from '../git/git-errors.ts';
import { type LockWatch, watchLocks } from '../git/lock-watch.ts';
import { readTip } from '../labels/label-step.ts';
import { NOTES_REF } from '../names/ref-names.ts';
import { type EvalNote, parseEvalNote, withEvalNote } from './eval-notes.ts';
import { LARGEST_NOTE, type ListedNote, linesOf, listNotes, megabytes, readableNotes } from './list-notes.ts';
import { parseRecord, type ResultRecord, withRecord } from './result-records.ts';

/** The index in which a new state of the notes is built before it replaces the old one. */
const DRAFT_PREFIX = 'refs/notes/llmops-draft-';

/** A draft whose writer was killed is deleted by the next writer after this time. */
const DRAFT_AGE_MS = 3_600_000;

const ATTEMPTS = 60;

interface NoteWrite {
  env: Record<string, string>;
  signal?: AbortSignal | undefined;
}

/** A record, and the blob of the prompt that it belongs to. */
export interface NotedRecord {
  blob: string;
  record: ResultRecord;
}

/** The same of an evaluation. */
export interface NotedEvaluation {
  blob: string;
  evaluation: EvalNote;
}

type NotedLine = NotedRecord | NotedEvaluation;

/** Writes records into notes, all or none, by compare-and-swap. Returns what could not be added, as sentences. */
export async function writeLines(
  context: RepositoryContext,
  records: readonly NotedLine[],
  write: NoteWrite,
): Promise<string[]> {
  if (records.length === 0) return [];
  const byBlob = Map.groupBy(records, ({ blob }) => blob);
  let refused: ListedNote[] = [];
  await changeNotes(context, write, async (draft, old) => {
    const notes = await listNotes(context, old, write.signal);
    refused = [...byBlob.keys()].flatMap((blob) => notes.get(blob) ?? []).filter(({ size }) => size > LARGEST_NOTE);
    for (const [blob, fresh] of byBlob) {
      const note = notes.get(blob);
      if (!note || note.size <= LARGEST_NOTE) await addToNote(context, { draft, blob, note, fresh, write });
    }
  });
  return refused.map(describeRefused);
}

/** Content that was not written by this product is neither read nor replaced. */
function describeRefused({ on, size }: ListedNote): string {
  const limit = megabytes(LARGEST_NOTE);
  return (
    `The note on ${on.slice(0, 10)} is ${megabytes(size)}, and notes larger than ${limit} are not read: results could ` +
    `not be added to it. To remove it, run git notes --ref=llmops remove ${on}.`
  );
}

/** Merges notes that were fetched: lines of both sides stay. Returns whether anything was new. */
export async function mergeNotes(context: RepositoryContext, theirs: string, write: NoteWrite): Promise<boolean> {
  const { git, objects } = context;
  if ((await objects.read(theirs))?.type !== 'commit') return false;
  return changeNotes(context, write, async (draft, old) => {
    if (old === undefined) {
      await git.run(['update-ref', draft, theirs], { signal: write.signal });
      return;
    }
    const args = ['notes', `--ref=${draft}`, 'merge', '--quiet', '--strategy=cat_sort_uniq', theirs];
    await git.run(args, { env: write.env, signal: write.signal });
  });
}

type Change = (draft: string, old: string | undefined) => Promise<void>;

async function changeNotes(context: RepositoryContext, { env, signal }: NoteWrite, change: Change): Promise<boolean> {
  const { git } = context;
  await dropOldDrafts(context);
  const locks = watchLocks();
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const old = await readTip(context, NOTES_REF, signal);
    const draft = `${DRAFT_PREFIX}${Date.now()}-${randomBytes(6).toString('hex')}`;
    try {
      if (old !== undefined) await git.run(['update-ref', draft, old], { signal });
      await change(draft, old);
      const next = await readTip(context, draft, signal);
      if (next === undefined || next === old) return false;
      if (await swapNotes(context, { next, old, env, locks })) return true;
    } finally {
      await git.run(['update-ref', '-d', draft]).catch(() => undefined);
    }
    await sleep(Math.random() * 20 * (1 + Math.min(attempt, 10)), undefined, { signal });
  }
  throw new UserError('Results could not be added to the git notes: other programs kept changing them.', {
    code: 'git',
    hint: 'They are still in this workspace’s database; run Save Version or Push again.',
  });
}

/** False if someone else wrote in between, or is just writing. */
async function swapNotes(
  { git }: RepositoryContext,
  { next, old, env, locks }: { next: string; old: string | undefined; env: Record<string, string>; locks: LockWatch },
): Promise<boolean> {
  const args = ['update-ref', '--create-reflog', '-m', 'llmops: results', NOTES_REF, next, old ?? ''];
  try {
    await git.run(args, { env });
    return true;
  } catch (error) {
    if (!isRefLocked(error)) throw error;
    await locks.refuseStale(error);
    return false;
  }
}

interface Addition {
  draft: string;
  blob: string;
  note: ListedNote | undefined;
  fresh: readonly NotedLine[];
  write: NoteWrite;
}

async function addToNote(
  { git, objects, ports }: RepositoryContext,
  { draft, blob, note, fresh, write }: Addition,
): Promise<void> {
  const { env, signal } = write;
  const old = note ? linesOf((await objects.text(note.note)) ?? '') : [];
  const lines = fresh.reduce(
    (known, line) =>
      'record' in line ? withRecord(known, line.record, ports.now()) : withEvalNote(known, line.evaluation),
    old,
  );
  const input = `${lines.join('\n')}\n`;
  const written = (await git.run(['hash-object', '-w', '--stdin'], { input, signal })).trim();
  await git.run(['notes', `--ref=${draft}`, 'add', '--force', '-C', written, blob], { env, signal });
}

async function dropOldDrafts({ git }: RepositoryContext): Promise<void> {
  const args = ['for-each-ref', '--format=%(refname)', `${DRAFT_PREFIX}*`];
  const drafts = await git.run(args, { mayPrintNothing: true });
  for (const draft of drafts.split('\n').filter(Boolean)) {
    const at = Number(draft.slice(DRAFT_PREFIX.length).split('-')[0]);
    if (Date.now() - at > DRAFT_AGE_MS) await git.run(['update-ref', '-d', draft]).catch(() => undefined);
  }
}

interface NoteContent {
  runs: ResultRecord[];
  evaluations: EvalNote[];
}

/** All records of one state of the notes, by content. A note's blob never changes, so its records are cached. */
interface Index {
  tip: string | undefined;
  /** Records of a note's blob. */
  notes: Map<string, NoteContent>;
  runs: Map<string, ResultRecord[]>;
  evaluations: Map<string, EvalNote[]>;
}

const indexes = new WeakMap<RepositoryContext['objects'], Index>();

/** Records of the runs of every noted content, in the current state of the notes. */
export async function readRecords(
  context: RepositoryContext,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, ResultRecord[]>> {
  return (await readIndex(context, signal)).runs;
}

/** The same of evaluations. */
export async function readEvalNotes(
  context: RepositoryContext,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, EvalNote[]>> {
  return (await readIndex(context, signal)).evaluations;
}

async function readIndex(context: RepositoryContext, signal: AbortSignal | undefined): Promise<Index> {
  // By the process that reads objects anyway: a history waits for this.
  const tip = (await context.objects.read(NOTES_REF))?.hash;
  const known = indexes.get(context.objects);
  if (known?.tip === tip && known) return known;
  const notes: Index['notes'] =
    tip === undefined ? new Map() : await readNotes(context, { tip, known: known?.notes, signal });
  const contents = [...notes.values()];
  const index: Index = {
    tip,
    notes,
    runs: Map.groupBy(
      contents.flatMap(({ runs }) => runs),
      ({ content }) => content,
    ),
    evaluations: Map.groupBy(
      contents.flatMap(({ evaluations }) => evaluations),
      ({ content }) => content,
    ),
  };
  indexes.set(context.objects, index);
  return index;
}

async function readNotes(
  context: RepositoryContext,
  { tip, known, signal }: { tip: string; known: Index['notes'] | undefined; signal: AbortSignal | undefined },
): Promise<Index['notes']> {
  // Whoever pushed it may have put something else than notes there.
  const notes = await listNotes(context, tip, signal);
  const read = readableNotes(notes.values()).map(async ({ note }): Promise<[string, NoteContent]> => {
    const text = known?.has(note) ? undefined : await context.objects.text(note);
    if (text === undefined) return [note, known?.get(note) ?? { runs: [], evaluations: [] }];
    const lines = linesOf(text);
    const runs = lines.flatMap((line) => parseRecord(line) ?? []);
    return [note, { runs, evaluations: lines.flatMap((line) => parseEvalNote(line) ?? []) }];
  });
  return new Map(await Promise.all(read));
}
