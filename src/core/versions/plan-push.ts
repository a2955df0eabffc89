import type { RepositoryContext } from './context.ts';
import { describeConflict } from './fetch-versions.ts';
import { readLabelCommit } from './label-commits.ts';
import { decodeName, LABEL_PREFIX, NOTES_REF, TAG_PREFIX } from './names.ts';
import { compareTips, findRemote, isLabelRef, isTagRef, mirrorRef, type Remote, refsUnder } from './remotes.ts';
import { findTags } from './saved-versions.ts';
import type { PushItem, PushPlan, SyncConflict } from './versions.ts';

/** What a push would send, as far as the last fetch knows the remote. Nothing leaves. */
export async function planPush(
  context: RepositoryContext,
  wanted: string | undefined,
  signal?: AbortSignal,
): Promise<PushPlan> {
  const remote = await findRemote(context, wanted, signal);
  const plan: PushPlan = { remote: remote.name, url: remote.url, items: [], conflicts: [] };
  const planning: Planning = { context, remote, plan, signal };
  await planTags(planning);
  await planLabels(planning);
  await planNotes(planning);
  return plan;
}

interface Planning {
  context: RepositoryContext;
  remote: Remote;
  plan: PushPlan;
  signal: AbortSignal | undefined;
}

async function planTags({ context, remote, plan, signal }: Planning): Promise<void> {
  const [mine, theirs] = await bothSides({ context, remote, plan, signal }, TAG_PREFIX);
  for (const [name, object] of mine) {
    const ref = TAG_PREFIX + name;
    if (!isTagRef(ref) || theirs.has(name)) continue;
    const [prompt = '', version = ''] = name.split('/');
    const tags = await findTags(context, [decodeName(prompt)], signal);
    const own = tags.find((tag) => tag.tag === `prompt/${name}` && tag.contentHash !== undefined);
    if (!own) continue;
    const more = await countUnknown(context, remote, own.commit);
    const description = `${decodeName(prompt)} ${version}${more}`;
    plan.items.push({ kind: 'tag', ref, description, expected: undefined, commit: object });
  }
}

async function planLabels(planning: Planning): Promise<void> {
  const { context, remote, plan } = planning;
  const [mine, theirs] = await bothSides(planning, LABEL_PREFIX);
  for (const [name, tip] of mine) {
    const ref = LABEL_PREFIX + name;
    const move = isLabelRef(ref) ? await readLabelCommit(context, tip) : undefined;
    if (!move) continue;
    const expected = theirs.get(name);
    const state = expected === undefined ? 'ahead' : await compareTips(context, tip, expected);
    if (state === 'diverged' && expected !== undefined) {
      plan.conflicts.push(await describeConflict(context, { ref, mine: tip, theirs: expected }));
    }
    if (state !== 'ahead') continue;
    const [prompt = '', label = ''] = name.split('/').map(decodeName);
    const { target } = move;
    const place = target === undefined ? 'removed' : `→ ${await nameTarget(planning, prompt, target)}`;
    const more = target === undefined ? '' : await countUnknown(context, remote, target);
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
  const count = await countNoteLines(context, expected, tip);
  const description = count === 1 ? '1 result' : `${count} results`;
  plan.items.push({ kind: 'results', ref: NOTES_REF, description, expected, commit: tip });
}

function notesConflict(mine: string, theirs: string): SyncConflict {
  return { ref: NOTES_REF, description: 'results were noted on both sides; a fetch joins them', mine, theirs };
}

async function bothSides({ context, remote, signal }: Planning, prefix: string) {
  return Promise.all([refsUnder(context, prefix, signal), refsUnder(context, mirrorRef(remote.name, prefix), signal)]);
}

async function nameTarget({ context, signal }: Planning, prompt: string, target: string): Promise<string> {
  const tags = await findTags(context, [prompt], signal);
  const saved = tags.findLast(({ commit, contentHash }) => commit === target && contentHash !== undefined);
  return saved ? `v${saved.number}` : target.slice(0, 10);
}

/** A ref takes along what it stands on: who sends it should know that commits of the branch go too. */
async function countUnknown({ git }: RepositoryContext, { name }: Remote, commit: string): Promise<string> {
  const args = ['rev-list', '--count', commit, '--not', `--remotes=${name}`];
  const count = Number(await git.run(args));
  return count === 0 ? '' : ` (with ${count} ${count === 1 ? 'commit' : 'commits'} that ${name} may not have)`;
}

/** Lines of notes that the other state does not have. */
async function countNoteLines({ git }: RepositoryContext, from: string | undefined, to: string): Promise<number> {
  const empty = (await git.run(['hash-object', '-t', 'tree', '--stdin'], { input: '' })).trim();
  const args = ['diff', '--numstat', '--no-renames', '--no-ext-diff', from ?? empty, to, '--'];
  const lines = (await git.run(args)).split('\n').filter(Boolean);
  return lines.reduce((sum, line) => sum + (Number(line.split('\t')[0]) || 0), 0);
}

/** Whether an item of a plan is one that this product sends. */
export function isSendable({ ref, commit }: PushItem): boolean {
  return (ref === NOTES_REF || isLabelRef(ref) || isTagRef(ref)) && /^[0-9a-f]{40,64}$/.test(commit);
}
