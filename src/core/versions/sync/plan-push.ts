import type { RepositoryContext } from '../context.ts';
import { readLabelCommit } from '../labels/label-commits.ts';
import { decodeName, LABEL_PREFIX, NOTES_REF, TAG_PREFIX } from '../names/ref-names.ts';
import { findBrokenRefs } from '../refs/broken-refs.ts';
import { readPromptRefs } from '../refs/prompt-refs.ts';
import type { SavedVersionTag } from '../refs/saved-tags.ts';
import { describeNewLines } from '../results/list-notes.ts';
import { describeConflict, type SyncConflict } from './conflicts.ts';
import { compareTips, findRemote, isLabelRef, isTagRef, mirrorRef, type Remote, refsUnder } from './remotes.ts';

/** What a push would send, shown before it starts. */
export interface PushPlan {
  remote: string;
  /** With credentials removed. */
  url: string;
  items: PushItem[];
  /** Labels that moved on both sides, results that must be fetched first. */
  conflicts: SyncConflict[];
  /** What is not sent although it exists here, and why; sentences for the user. */
  notices: string[];
}

export interface PushItem {
  kind: 'label' | 'tag' | 'results';
  ref: string;
  /** `churn-analysis: production → v4`, `3 results`. */
  description: string;
  /** The remote's value as of the last fetch; undefined if there is none. */
  expected: string | undefined;
  commit: string;
}

/** What a push would send, based on the last fetch. Nothing is sent. */
export async function planPush(
  context: RepositoryContext,
  wanted: string | undefined,
  signal?: AbortSignal,
): Promise<PushPlan> {
  const remote = await findRemote(context, wanted, signal);
  const broken = await findBrokenRefs(context, { signal });
  const notices = broken.map(({ message, hint }) => `Not sent: ${message} ${hint}`);
  const plan: PushPlan = { remote: remote.name, url: remote.url, items: [], conflicts: [], notices };
  const { tags } = await readPromptRefs(context, signal);
  const left = new Set(broken.map(({ ref }) => ref));
  const planning: Planning = { context, remote, plan, tags, left, unknown: new Map(), signal };
  await planTags(planning);
  await planLabels(planning);
  await planNotes(planning);
  return plan;
}

interface Planning {
  context: RepositoryContext;
  remote: Remote;
  plan: PushPlan;
  /** Saved versions of this product. */
  tags: readonly SavedVersionTag[];
  /** Refs with a missing object: a push that includes them would send nothing. */
  left: ReadonlySet<string>;
  /** How many of its commits the remote may lack, for each commit. */
  unknown: Map<string, number>;
  signal: AbortSignal | undefined;
}

async function planTags(planning: Planning): Promise<void> {
  const { plan, tags, left } = planning;
  const [mine, theirs] = await bothSides(planning, TAG_PREFIX);
  for (const { tag, prompt, number, commit } of tags) {
    const ref = `refs/tags/${tag}`;
    const name = ref.slice(TAG_PREFIX.length);
    const object = mine.get(name);
    if (object === undefined || theirs.has(name) || left.has(ref) || !isTagRef(ref)) continue;
    const description = `${prompt} v${number}${await countUnknown(planning, commit)}`;
    plan.items.push({ kind: 'tag', ref, description, expected: undefined, commit: object });
  }
}

async function planLabels(planning: Planning): Promise<void> {
  const { context, plan, left } = planning;
  const [mine, theirs] = await bothSides(planning, LABEL_PREFIX);
  for (const [name, tip] of mine) {
    const ref = LABEL_PREFIX + name;
    const move = isLabelRef(ref) && !left.has(ref) ? await readLabelCommit(context, tip) : undefined;
    if (!move) continue;
    const expected = theirs.get(name);
    const state = expected === undefined ? 'ahead' : await compareTips(context, tip, expected);
    if (state === 'diverged' && expected !== undefined) {
      plan.conflicts.push(await describeConflict(context, { ref, mine: tip, theirs: expected }));
    }
    if (state !== 'ahead') continue;
    const [prompt = '', label = ''] = name.split('/').map(decodeName);
    const { target } = move;
    const place = target === undefined ? 'removed' : `→ ${nameTarget(planning, prompt, target)}`;
    const more = target === undefined ? '' : await countUnknown(planning, target);
    const description = `${prompt}: ${label} ${place}${more}`;
    plan.items.push({ kind: 'label', ref, description, expected, commit: tip });
  }
}

async function planNotes(planning: Planning): Promise<void> {
  const { context, plan } = planning;
  const [mine, theirs] = await bothSides(planning, NOTES_REF);
  const [tip, expected] = [mine.get(''), theirs.get('')];
  if (tip === undefined || tip === expected) return;
  const state = expected === undefined ? 'ahead' : await compareTips(context, tip, expected);
  if (state === 'diverged' && expected !== undefined) plan.conflicts.push(notesConflict(tip, expected));
  if (state !== 'ahead') return;
  const description = await describeNewLines(context, expected, tip);
  plan.items.push({ kind: 'results', ref: NOTES_REF, description, expected, commit: tip });
}

function notesConflict(mine: string, theirs: string): SyncConflict {
  return { ref: NOTES_REF, description: 'both sides have new results; a fetch merges them', mine, theirs };
}

async function bothSides({ context, remote, signal }: Planning, prefix: string) {
  return Promise.all([refsUnder(context, prefix, signal), refsUnder(context, mirrorRef(remote.name, prefix), signal)]);
}

function nameTarget({ tags }: Planning, prompt: string, target: string): string {
  const saved = tags.findLast((tag) => tag.prompt === prompt && tag.commit === target);
  return saved ? `v${saved.number}` : target.slice(0, 10);
}

/** A ref brings its target along: the user should know that commits of the branch are sent, too. */
async function countUnknown({ context, remote, unknown }: Planning, commit: string): Promise<string> {
  const args = ['rev-list', '--count', commit, '--not', `--remotes=${remote.name}`];
  const count = unknown.get(commit) ?? Number(await context.git.run(args));
  unknown.set(commit, count);
  return count === 0 ? '' : ` (with ${count} ${count === 1 ? 'commit' : 'commits'} that ${remote.name} may not have)`;
}

/** Whether an item of a plan is one that this product sends. */
export function isSendable({ ref, commit }: PushItem): boolean {
  return (ref === NOTES_REF || isLabelRef(ref) || isTagRef(ref)) && /^[0-9a-f]{40,64}$/.test(commit);
}
