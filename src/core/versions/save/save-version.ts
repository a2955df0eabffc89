import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { throwIfAborted } from '../../base/abort.ts';
import { isAbortError, UserError } from '../../base/errors.ts';
import type { RepositoryContext } from '../context.ts';
import { type Author, identityEnv } from '../git/identity.ts';
import { readTree } from '../git/path-states.ts';
import { readTip } from '../labels/label-step.ts';
import { checkLabel, labelRef } from '../names/ref-names.ts';
import type { SavedTag } from '../refs/saved-tags.ts';
import { contentAt } from '../results/effective-content.ts';
import { refuseInProgress } from './check-save.ts';
import { changedBy, commitPaths, updateIndex } from './commit-paths.ts';
import { completeSaves, findSaveCommit, revertUncommitted } from './complete-saves.ts';
import { finishSave } from './finish-save.ts';
import { abandonPending, type PendingSave, removePending, writePending } from './pending-saves.ts';
import { planSave, type SavePlan } from './plan-save.ts';
import { proposeMessage } from './propose-message.ts';
import { type FoundTag, findTags } from './saved-versions.ts';
import { explainUnwritable, type SaveProgress, unfinishedSave } from './unfinished-save.ts';

export interface SaveOptions {
  /** If omitted, a first line that describes the changes. */
  message?: string | undefined;
  /** A label to set on the saved version, with the reason of the move. */
  label?: { label: string; why: string };
  /** Commit although other content of these paths is staged (`staged-differs` asks). */
  replaceStaged?: boolean;
  /** Used for this commit if git knows no user (`no-identity` asks); never written to any configuration. */
  author?: Author;
  signal?: AbortSignal;
}

export interface SavedVersion {
  /** Undefined if only a tag was missing. */
  committed: string[];
  commit: string;
  tag: SavedTag;
  contentHash: string;
  /** The commit's message: that of an earlier save if nothing had changed since. */
  message: string;
  label: string | undefined;
  /** Output of hooks, empty if there was none. */
  output: string;
  /** Sentences that the user should see: an earlier save that was completed, results that could not be noted. */
  notices: string[];
}

/**
 * Commits a prompt with its changed partials and nothing else, then tags it, moves the label and notes its results. The
 * plan is written down first: a save that is killed in between is completed by the next one.
 */
export async function saveVersion(
  context: RepositoryContext,
  file: string,
  options: SaveOptions,
): Promise<SavedVersion> {
  throwIfAborted(options.signal);
  checkOptions(options);
  refuseInProgress(context);
  const { save, completed } = await beginSave(context, file, options).catch(rethrowUncommitted);
  const isChanged = save.plan.toCommit.length > 0;
  const saved = isChanged ? await commitAndFinish(save) : await saveCommitted(save, completed.paths);
  return { ...saved, notices: [...completed.notices, ...detachedNotice(context, saved), ...saved.notices] };
}

async function beginSave(context: RepositoryContext, file: string, options: SaveOptions) {
  const env = await identityEnv(context, options);
  const completed = await completeSaves(context, { env, author: options.author });
  const save: Save = { context, options, env, plan: await planSave(context, file, options) };
  return { save, completed };
}

/** A machine may fail at any point: the message says what was not done. */
function rethrowUncommitted(thrown: unknown): never {
  const error = explainUnwritable(thrown);
  if (!(error instanceof UserError) || isAbortError(error) || !MACHINE_CODES.has(error.code)) throw error;
  const { message, code, hint = '', cause } = error;
  throw new UserError(message, { code, hint: `${hint} Nothing was committed.`.trim(), cause });
}

const MACHINE_CODES: ReadonlySet<string> = new Set(['output', 'git', 'git-timeout', 'index-locked']);

interface Save {
  context: RepositoryContext;
  options: SaveOptions;
  env: Record<string, string>;
  plan: SavePlan;
}

function checkOptions({ message, label }: SaveOptions): void {
  if (label) checkLabel(label.label);
  if (message === undefined || (message.trim() !== '' && !message.includes('\0'))) return;
  throw new UserError('A version needs a message that says what changed.', {
    code: 'usage',
    hint: 'Enter a message, or use the proposed one.',
  });
}

function detachedNotice({ repository }: RepositoryContext, { committed, tag }: SavedVersion): string[] {
  if (repository.branch !== undefined || committed.length === 0) return [];
  return [`HEAD is detached, so the commit is on no branch. The tag ${tag.tag} keeps it.`];
}

async function commitAndFinish(save: Save): Promise<SavedVersion> {
  const { context, options, env, plan } = save;
  const message = options.message ?? (await proposeMessage(context, plan.path, options.signal));
  const pending = await beginPending(save, undefined);
  await writePending(context, pending).catch(rethrowUncommitted);
  const { commit, output } = await commitPaths(context, {
    ...options,
    message,
    states: plan.toCommit,
    env,
    id: pending.id,
  }).catch((error: unknown) => recover(context, pending, error));
  return finish(save, { ...pending, commit }, true, async () => {
    const committed = await changedBy(context, commit);
    await updateIndex(context, commit, await entriesToUpdate(save, committed));
    // A hook or a filter of git may have committed other content than the file has.
    const contentHash = (await contentAt(context, commit, plan.path))?.hash ?? plan.content.hash;
    return { committed, contentHash, output };
  });
}

/** Entries of the index that the commit may replace: of files that a hook added, never their staged content. */
async function entriesToUpdate({ context, plan }: Save, committed: readonly string[]) {
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

/** Tag, label and results of a commit. If they fail, the pending save stays for the next one. */
async function finish(
  { context, options, env }: Save,
  pending: PendingSave,
  isNew: boolean,
  settle: () => Promise<{ committed: string[]; contentHash: string; output: string }>,
): Promise<SavedVersion> {
  const { path: file, commit = '' } = pending;
  const progress: SaveProgress = { path: file, commit, committed: isNew };
  const onTag = (tag: SavedTag) => {
    progress.tag = tag;
  };
  try {
    const settled = await settle();
    const known = { ...pending, contentHash: settled.contentHash };
    await writePending(context, known);
    const finishing = { env, author: options.author, signal: options.signal, onTag };
    const finished = await finishSave(context, known, finishing);
    await removePending(context, known);
    const message = await messageOf(context, commit);
    return { ...finished, ...settled, commit, message };
  } catch (error) {
    abandonPending(pending);
    throw unfinishedSave(explainUnwritable(error), progress);
  }
}

/** The message of a commit: a hook may have changed it, or an earlier save wrote it. */
async function messageOf({ objects }: RepositoryContext, commit: string): Promise<string> {
  const text = (await objects.text(commit, 'commit')) ?? '';
  return text.slice(text.indexOf('\n\n') + 2).trimEnd();
}

const LONGEST_END_MS = 3000;

/** After a commit that failed, or was cancelled: git may still be ending, and may even have created it. */
async function recover(context: RepositoryContext, pending: PendingSave, error: unknown): Promise<never> {
  const lock = path.join(context.repository.gitDir, 'index.lock');
  const longest = isAbortError(error) ? LONGEST_END_MS : 0;
  for (let waited = 0; waited < longest && existsSync(lock); waited += 50) await sleep(50);
  abandonPending(pending);
  const commit = await findSaveCommit(context, pending).catch(() => undefined);
  if (commit !== undefined) {
    throw unfinishedSave(explainUnwritable(error), { path: pending.path, commit, committed: true });
  }
  await revertUncommitted(context, pending).catch(() => undefined);
  return rethrowUncommitted(error);
}

/** Nothing differs from HEAD: it may still have no tag, or need the label. */
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
  const saved = await finish(save, pending, false, async () => ({ committed: [], contentHash, output: '' }));
  const isUsed = options.message === undefined || options.message.trim() === saved.message.trim();
  return { ...saved, notices: [...saved.notices, ...(isUsed ? [] : [keptMessage(saved)])] };
}

function keptMessage({ commit, message }: SavedVersion): string {
  const [subject = ''] = message.split('\n');
  return `Nothing has changed since the commit ${commit.slice(0, 10)}, so it keeps its message "${subject}": yours was not used.`;
}

/** The tag that saved HEAD's content: the newest one with this content, or one created since it last changed. */
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
