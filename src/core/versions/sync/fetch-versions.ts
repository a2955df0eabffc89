import type { RepositoryContext } from '../context.ts';
import { openTransport } from '../git/git-transport.ts';
import { type Author, identityEnvOrDefault } from '../git/identity.ts';
import { readLabelCommit } from '../labels/label-commits.ts';
import { decodeName, LABEL_PREFIX, labelProblem, NOTES_REF, TAG_PREFIX } from '../names/ref-names.ts';
import { mergeNotes, readEvalNotes, readRecords } from '../results/notes.ts';
import { describeConflict, type SyncConflict } from './conflicts.ts';
import {
  compareTips,
  findRemote,
  isLabelRef,
  isTagRef,
  mirrorOf,
  type RefUpdate,
  refsUnder,
  updateRefs,
} from './remotes.ts';

export interface FetchResult {
  remote: string;
  labelsMoved: { prompt: string; label: string; from: string | undefined; to: string | undefined; by: Author }[];
  tagsAdded: string[];
  /** Tags of the same name that someone else created on another commit; ours stay. */
  tagsClashing: string[];
  resultsAdded: number;
  conflicts: SyncConflict[];
  /** What was fetched but could not be applied, and why; sentences for the user. */
  notices: string[];
}

/** Applies labels, saved versions and results of a remote. Conflicts are reported, never overwritten. */
export async function fetchVersions(
  context: RepositoryContext,
  wanted: string | undefined,
  signal?: AbortSignal,
): Promise<FetchResult> {
  const remote = await findRemote(context, wanted, signal);
  const mirror = mirrorOf(remote.name);
  const transport = await openTransport(context);
  // A wildcard each, since git refuses to fetch a ref by name that the remote does not have.
  const refspecs = [
    `+${LABEL_PREFIX}*:${mirror.labels}*`,
    `+${TAG_PREFIX}*:${mirror.tags}*`,
    `+${NOTES_REF}*:${mirror.notes}llmops*`,
  ];
  await transport.fetch(remote.name, refspecs, signal);
  const labels = await applyLabels(context, mirror.labels, signal);
  const tags = await applyTags(context, mirror.tags, signal);
  const resultsAdded = await applyNotes(context, mirror.notesRef, signal);
  return { remote: remote.name, ...labels, ...tags, resultsAdded, notices: [...labels.notices, ...tags.notices] };
}

async function applyLabels(context: RepositoryContext, mirror: string, signal?: AbortSignal) {
  const updates: RefUpdate[] = [];
  const found: { ref: string; moved: FetchResult['labelsMoved'][number] }[] = [];
  const conflicts: SyncConflict[] = [];
  const [mine, theirs] = await Promise.all([
    refsUnder(context, LABEL_PREFIX, signal),
    refsUnder(context, mirror, signal),
  ]);
  for (const [name, tip] of theirs) {
    const move = await readTheirMove(context, name, tip);
    if (!move) continue;
    const own = mine.get(name);
    const state = own === undefined ? 'behind' : await compareTips(context, own, tip);
    const { prompt, label } = move;
    if (state === 'diverged' && own !== undefined) {
      conflicts.push(await describeConflict(context, { ref: LABEL_PREFIX + name, mine: own, theirs: tip }));
    }
    if (state !== 'behind') continue;
    const from = own === undefined ? undefined : (await readLabelCommit(context, own))?.target;
    updates.push({ ref: LABEL_PREFIX + name, from: own, to: tip });
    if (from === move.target) continue;
    found.push({ ref: LABEL_PREFIX + name, moved: { prompt, label, from, to: move.target, by: move.by } });
  }
  const { moved, notices } = await updateRefs(context, updates, signal);
  return { labelsMoved: found.filter(({ ref }) => moved.has(ref)).map((one) => one.moved), conflicts, notices };
}

/** A ref that is not a label of this product is not copied. */
async function readTheirMove(context: RepositoryContext, name: string, tip: string) {
  if (!isLabelRef(LABEL_PREFIX + name)) return undefined;
  const [prompt = '', label = ''] = name.split('/').map(decodeName);
  const move = labelProblem(label) === undefined ? await readLabelCommit(context, tip) : undefined;
  return move && { ...move, prompt, label };
}

/** A tag is copied if its name is free; it never replaces one. */
async function applyTags(context: RepositoryContext, mirror: string, signal?: AbortSignal) {
  const [mine, theirs] = await Promise.all([
    refsUnder(context, TAG_PREFIX, signal),
    refsUnder(context, mirror, signal),
  ]);
  const updates: RefUpdate[] = [];
  const tagsClashing: string[] = [];
  for (const [name, object] of theirs) {
    if (!isTagRef(TAG_PREFIX + name)) continue;
    const own = mine.get(name);
    if (own === object) continue;
    if (own !== undefined) {
      tagsClashing.push(`prompt/${name}`);
      continue;
    }
    updates.push({ ref: TAG_PREFIX + name, from: undefined, to: object });
  }
  const { moved, notices } = await updateRefs(context, updates, signal);
  return { tagsAdded: [...moved].map((ref) => ref.slice('refs/tags/'.length)), tagsClashing, notices };
}

async function applyNotes(context: RepositoryContext, mirror: string, signal?: AbortSignal): Promise<number> {
  const theirs = (await refsUnder(context, mirror, signal)).get('');
  if (theirs === undefined) return 0;
  const before = await countRecords(context, signal);
  const env = await identityEnvOrDefault(context, { signal });
  await mergeNotes(context, theirs, { env, signal });
  return (await countRecords(context, signal)) - before;
}

/** Of runs and of evaluations. */
async function countRecords(context: RepositoryContext, signal?: AbortSignal): Promise<number> {
  const [runs, evaluations] = await Promise.all([readRecords(context, signal), readEvalNotes(context, signal)]);
  const records = [...runs.values(), ...evaluations.values()].flat();
  return new Set(records.map((record) => JSON.stringify(record))).size;
}
