import { UserError } from '../../base/errors.ts';
import type { RepositoryContext } from '../context.ts';
import { sameName } from '../names/prompt-names.ts';
import { checkLabel, checkName, decodeName, encodeName, LABEL_PREFIX, labelRef } from '../names/ref-names.ts';
import { type LabelCommit, readLabelCommit } from './label-commits.ts';
import type { Label } from './read-labels.ts';

/** A move of a label, in git's terms. */
interface LabelStep {
  /** The prompt's name. */
  prompt: string;
  label: string;
  /** Undefined removes it. */
  target: string | undefined;
  /** The prompt's path at the target. */
  path: string;
  why: string;
  /** The environment with the committer of the move. */
  env: Record<string, string>;
  /** Tip that the move was based on; undefined uses the current one. `null`: there was no label. */
  expected?: string | null | undefined;
  /** Names that the prompt had before: the history of a label under one of them continues here. */
  former: readonly string[];
  signal?: AbortSignal | undefined;
}

/** Adds one move to a label's chain by compare-and-swap; throws `label-moved` if someone else was faster. */
export async function stepLabel(context: RepositoryContext, step: LabelStep): Promise<Label> {
  checkLabel(step.label);
  checkName(step.prompt);
  const ref = labelRef(step.prompt, step.label);
  const tip = await readTip(context, ref, step.signal);
  if (step.expected !== undefined && step.expected !== (tip ?? null)) throw await labelMovedError(context, step, tip);
  if (tip === undefined) await refuseOtherCase(context, step);
  const old = await readChain(context, step, { ref, tip });
  if (old && old.commit === tip && old.target === step.target) return toLabel(step, old);
  const commit = await commitStep(context, step, { previous: old ? [old.commit] : [], from: old?.target });
  await swap(context, step, { ref, commit, tip });
  const written = await readLabelCommit(context, commit);
  if (!written) throw new Error(`the move ${commit} cannot be read back`);
  return toLabel(step, written);
}

/** Tip of a ref; undefined if there is none. */
export async function readTip({ git }: RepositoryContext, ref: string, signal?: AbortSignal) {
  const tip = await git.run(['rev-parse', '--verify', '--quiet', '--end-of-options', ref], {
    okCodes: [0, 1],
    mayPrintNothing: true,
    signal,
  });
  return tip.trim() || undefined;
}

interface Chain {
  previous: readonly string[];
  /** The previous target of the label; undefined if there was none. */
  from: string | undefined;
}

/** Writes the commit of a move; no ref points to it yet. */
export async function commitStep(context: RepositoryContext, step: LabelStep, chain: Chain): Promise<string> {
  const { git, repository } = context;
  const parents = [...chain.previous, ...(step.target === undefined ? [] : [step.target])];
  const tree = step.target ?? chain.previous[0] ?? '';
  const sign = await git.run(['config', '--type=bool', '--get', 'commit.gpgSign'], { okCodes: [0, 1] });
  const args = [
    'commit-tree',
    ...(sign.trim() === 'true' ? ['-S'] : []),
    ...parents.flatMap((parent) => ['-p', parent]),
    `${tree}^{tree}`,
  ];
  const options = { input: labelMessage(step, chain.from), env: step.env, signal: step.signal };
  return (await git.at(repository.root).run(args, options)).trim();
}

/** The message of a move's commit; `from` is the previous target. */
export function labelMessage(
  { label, prompt, target, path, why }: Pick<LabelStep, 'label' | 'prompt' | 'target' | 'path' | 'why'>,
  from: string | undefined,
): string {
  const action = target === undefined ? 'remove' : from === undefined ? 'set' : 'move';
  const subject = {
    set: `Set ${label} of ${prompt} to ${short(target)}`,
    move: `Move ${label} of ${prompt} from ${short(from)} to ${short(target)}`,
    remove: `Remove ${label} of ${prompt} from ${short(from)}`,
  }[action];
  const trailers = [`Label-Action: ${action}`, `Prompt-Path: ${path}`];
  const reason = oneLine(why);
  return [oneLine(subject), '', ...trailers, ...(reason === '' ? [] : [`Why: ${reason}`]), ''].join('\n');
}

function short(commit: string | undefined): string {
  return commit?.slice(0, 10) ?? '';
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** Means to git: the ref must not exist yet. */
const NOTHING = '';

/** Points the label's ref to a new move, if it has not changed since the move was created. */
export async function swap(
  context: RepositoryContext,
  step: LabelStep,
  { ref, commit, tip }: { ref: string; commit: string; tip: string | undefined },
): Promise<void> {
  const args = ['update-ref', '--create-reflog', '-m', 'llmops: label', ref, commit, tip ?? NOTHING];
  try {
    await context.git.run(args, { signal: step.signal, env: step.env });
  } catch (error) {
    const now = await readTip(context, ref);
    if (now === commit) return;
    throw now === tip ? error : await labelMovedError(context, step, now);
  }
}

async function readChain(
  context: RepositoryContext,
  { label, prompt, former }: LabelStep,
  { ref, tip }: { ref: string; tip: string | undefined },
): Promise<LabelCommit | undefined> {
  let newest = tip;
  for (const name of former) newest ??= await readTip(context, labelRef(name, label));
  if (newest === undefined) return undefined;
  const found = await readLabelCommit(context, newest);
  if (found) return found;
  if ((await context.objects.read(newest)) === undefined) {
    throw new UserError(`${ref} points to the object ${newest.slice(0, 10)}, which is missing from this repository.`, {
      code: 'ref-clash',
      hint: `Fetch it from a clone that has it, or remove the label here: git update-ref -d ${ref}`,
    });
  }
  throw new UserError(`${ref} is not a label of ${prompt}: another program wrote it.`, {
    code: 'ref-clash',
    hint: `Choose a label other than ${label}, or delete that ref if it is not needed.`,
  });
}

/** If a file system keeps one ref for both, one label would overwrite the other. */
async function refuseOtherCase({ git }: RepositoryContext, { prompt, label }: LabelStep): Promise<void> {
  const folder = `${LABEL_PREFIX}${encodeName(prompt)}/`;
  const refs = (await git.run(['for-each-ref', '--format=%(refname)', folder])).split('\n');
  const other = refs.map((ref) => decodeName(ref.slice(folder.length))).find((one) => sameName(one, label));
  if (other === undefined || other === label) return;
  throw new UserError(`${prompt} has the label ${other}, which differs from ${label} only in case.`, {
    code: 'name-clash',
    hint: `Use ${other}, or choose another label.`,
  });
}

async function labelMovedError(context: RepositoryContext, { label, prompt }: LabelStep, tip: string | undefined) {
  const now = tip === undefined ? undefined : await readLabelCommit(context, tip);
  const where = now?.target === undefined ? 'is gone now' : `is on ${short(now.target)} now`;
  const who = now ? `${now.by.name} moved` : 'Someone moved';
  return new UserError(`${who} ${label} of ${prompt} in the meantime: it ${where}. Your change was not made.`, {
    code: 'label-moved',
    hint: 'Check where it is now, and move it again if you still want to.',
  });
}

function toLabel({ prompt, label, path }: LabelStep, move: LabelCommit): Label {
  return {
    prompt,
    label,
    ref: labelRef(prompt, label),
    tip: move.commit,
    target: move.target ?? '',
    path: move.path || path,
    movedAt: move.at,
    movedBy: move.by,
  };
}
