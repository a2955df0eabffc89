import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { throwIfAborted } from '../base/abort.ts';
import { isAbortError, UserError } from '../base/errors.ts';
import { refuseUnderWay } from './check-save.ts';
import { changedBy, commitPaths, settleIndex } from './commit-paths.ts';
import { completeSaves, dropUnmade, type Finished, finishSave } from './complete-saves.ts';
import type { RepositoryContext } from './context.ts';
import { contentAt } from './effective-content.ts';
import { identityEnv } from './identity.ts';
import { readTip } from './label-step.ts';
import { checkLabel, labelRef } from './names.ts';
import { readTree } from './path-states.ts';
import { leavePending, type PendingSave, removePending, writePending } from './pending-saves.ts';
import { planSave, type SavePlan } from './plan-save.ts';
import { type FoundTag, findTags } from './saved-versions.ts';
import type { SavedVersion, SaveOptions } from './versions.ts';

/**
 * Commits a prompt with its changed partials and nothing else, then tags it, moves the label and notes its results. What
 * it sets out to do is written down first: a save that is killed in between is completed by the next one.
 */
export async function saveVersion(
  context: RepositoryContext,
  file: string,
  options: SaveOptions,
): Promise<SavedVersion> {
  throwIfAborted(options.signal);
  checkOptions(options);
  refuseUnderWay(context);
  const env = await identityEnv(context, options);
  const completed = await completeSaves(context, { env, author: options.author });
  const plan = await planSave(context, file, options);
  const save: Save = { context, options, env, plan };
  const saved = plan.toCommit.length > 0 ? await commitAndFinish(save) : await saveCommitted(save, completed.paths);
  return { ...saved, notices: [...completed.notices, ...detachedNotice(context, saved), ...saved.notices] };
}

interface Save {
  context: RepositoryContext;
  options: SaveOptions;
  env: Record<string, string>;
  plan: SavePlan;
}

function checkOptions({ message, label }: SaveOptions): void {
  if (label) checkLabel(label.label);
  if (message.trim() !== '' && !message.includes('\0')) return;
  throw new UserError('A version needs a message that says what changed.', {
    code: 'usage',
    hint: 'Write a line, or take the one that is proposed.',
  });
}

function detachedNotice({ repository }: RepositoryContext, { committed, tag }: SavedVersion): string[] {
  if (repository.branch !== undefined || committed.length === 0) return [];
  return [`HEAD is detached, so the commit is on no branch. The tag ${tag.tag} keeps it.`];
}

async function commitAndFinish(save: Save): Promise<SavedVersion> {
  const { context, options, env, plan } = save;
  const pending = await beginPending(save, undefined);
  await writePending(context, pending);
  const made = await commitPaths(context, { ...options, states: plan.toCommit, env, id: pending.id }).catch(
    async (error: unknown) => {
      await recover(context, pending, error);
      throw error;
    },
  );
  const committed = await changedBy(context, made.commit);
  await settleIndex(context, made.commit, await entriesToSettle(save, committed));
  // A hook or a filter of git may have made it another content than the file has.
  const hash = (await contentAt(context, made.commit, plan.path))?.hash ?? plan.content.hash;
  const finished = await finish(save, { ...pending, commit: made.commit, contentHash: hash });
  return { ...finished, committed, commit: made.commit, contentHash: hash, output: made.output };
}

/** Entries of the index that the commit may replace: of files that a hook added, never what was staged of them. */
async function entriesToSettle({ context, plan }: Save, committed: readonly string[]) {
  const entries = new Map(plan.toCommit.map((state) => [state.path, [state.head, state.index, state.disk]]));
  const others = committed.filter((one) => !entries.has(one));
  const head = await readTree(context, context.repository.head, others);
  for (const one of others) entries.set(one, [head.get(one)]);
  return entries;
}

async function beginPending({ context, options, plan }: Save, commit: string | undefined): Promise<PendingSave> {
  const { label } = options;
  const tip = label && (await readTip(context, labelRef(plan.names[0] ?? '', label.label), options.signal));
  return {
    v: 1,
    id: randomUUID(),
    pid: process.pid,
    host: hostname(),
    startedAt: Date.now(),
    names: plan.names,
    path: plan.path,
    head: context.repository.head,
    contentHash: plan.content.hash,
    announced: plan.toCommit.filter(({ index, onDisk }) => !index && onDisk).map((state) => state.path),
    entries: plan.toCommit.map((state) => [
      state.path,
      [state.head, state.index, state.disk].map((entry) => entry ?? null),
    ]),
    commit,
    label: label && { ...label, tip: tip ?? null },
  };
}

/** Tag, label and results of a commit. Where they fail, the note of what is open stays for the next save. */
async function finish({ context, options, env }: Save, pending: PendingSave): Promise<Finished> {
  await writePending(context, pending);
  try {
    const finished = await finishSave(context, pending, { env, author: options.author, signal: options.signal });
    await removePending(context, pending);
    return finished;
  } catch (error) {
    leavePending(pending);
    throw error;
  }
}

const LONGEST_END_MS = 3000;

/** After a commit that failed, or was cancelled: then git may still be ending, and may even have made it. */
async function recover(context: RepositoryContext, pending: PendingSave, error: unknown): Promise<void> {
  const lock = path.join(context.repository.gitDir, 'index.lock');
  const longest = isAbortError(error) ? LONGEST_END_MS : 0;
  for (let waited = 0; waited < longest && existsSync(lock); waited += 50) await sleep(50);
  leavePending(pending);
  await dropUnmade(context, pending).catch(() => undefined);
}

/** Nothing differs from HEAD: it may still have no tag, or the label is wanted on it. */
async function saveCommitted(save: Save, completed: readonly string[]): Promise<SavedVersion> {
  const { context, options, plan } = save;
  const paths = [plan.path, ...plan.content.partials.map((partial) => partial.path)];
  const args = ['rev-list', '--max-count=1', 'HEAD', '--', ...paths];
  const commit = (await context.git.run(args, { signal: options.signal })).trim();
  const contentHash = (await contentAt(context, commit, plan.path))?.hash ?? plan.content.hash;
  const existing = await findExisting(save, commit, contentHash);
  if (existing && !options.label && !completed.includes(plan.path)) {
    throw new UserError(`${plan.path} has not changed since v${existing.number}.`, {
      code: 'nothing-to-save',
      hint: 'Change the prompt, then save; or set a label on that version.',
    });
  }
  const pending = await beginPending(save, existing?.commit ?? commit);
  const finished = await finish(save, { ...pending, contentHash });
  return { ...finished, committed: [], commit: pending.commit ?? commit, contentHash, output: '' };
}

/** The tag that saved what HEAD has: the newest one with this content, or one that was made since it last changed. */
async function findExisting(
  { context, plan, options }: Save,
  commit: string,
  hash: string,
): Promise<FoundTag | undefined> {
  const ours = (await findTags(context, plan.names, options.signal)).filter(({ contentHash }) => contentHash);
  const same = ours.filter(({ contentHash }) => contentHash === hash).reverse();
  if (same[0] && same[0] === ours.at(-1)) return same[0];
  for (const tag of same) {
    const args = ['merge-base', '--is-ancestor', commit, tag.commit];
    if ((await context.git.runCode(args, { okCodes: [0, 1] })).code === 0) return tag;
  }
  return undefined;
}
