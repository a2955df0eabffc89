import { UserError } from '../base/errors.ts';
import type { RepositoryContext } from './context.ts';
import { identityEnv } from './identity.ts';
import { readLabelCommit } from './label-commits.ts';
import { readLabelMoves } from './label-history.ts';
import { readTip, stepLabel } from './label-step.ts';
import { labelRef } from './names.ts';
import type { Author, Label, LabelMove } from './versions.ts';

/** A prompt as labels know it. */
export interface LabelledPrompt {
  name: string;
  /** Names that it had before it was renamed, newest first. */
  aliases: readonly string[];
}

export interface MoveOptions {
  label: string;
  /** Commit to stand on, and the prompt's path there. */
  commit: string;
  path: string;
  why: string;
  author?: Author | undefined;
  expected?: string | null | undefined;
  signal?: AbortSignal | undefined;
}

/** Sets a label, or moves it; throws `label-moved` where somebody else moved it meanwhile. */
export async function moveLabel(
  context: RepositoryContext,
  prompt: LabelledPrompt,
  options: MoveOptions,
): Promise<Label> {
  const { commit, ...rest } = options;
  const env = await identityEnv(context, options);
  const before = await tipUnderAlias(context, prompt, options.label);
  return stepLabel(context, { ...rest, prompt: prompt.name, target: commit, env, before });
}

/** Takes a label away by a move that keeps its history, so that others hear of it with their next fetch. */
export async function removeLabel(
  context: RepositoryContext,
  prompt: LabelledPrompt,
  options: Omit<MoveOptions, 'commit' | 'path'>,
): Promise<void> {
  const env = await identityEnv(context, options);
  for (const name of [prompt.name, ...prompt.aliases]) {
    const tip = await readTip(context, labelRef(name, options.label), options.signal);
    const move = tip === undefined ? undefined : await readLabelCommit(context, tip);
    if (!move?.target) continue;
    await stepLabel(context, { ...options, prompt: name, target: undefined, path: move.path, env });
    return;
  }
  throw noLabel(prompt, options.label);
}

/** Moves of a label, newest first, also under names that the prompt had before. */
export async function labelHistory(
  context: RepositoryContext,
  prompt: LabelledPrompt,
  label: string,
  signal?: AbortSignal,
): Promise<LabelMove[]> {
  for (const name of [prompt.name, ...prompt.aliases]) {
    const tip = await readTip(context, labelRef(name, label), signal);
    if (tip !== undefined) return readLabelMoves(context, tip);
  }
  throw noLabel(prompt, label);
}

async function tipUnderAlias(context: RepositoryContext, { aliases }: LabelledPrompt, label: string) {
  for (const name of aliases) {
    const tip = await readTip(context, labelRef(name, label));
    if (tip !== undefined) return tip;
  }
  return undefined;
}

function noLabel({ name }: LabelledPrompt, label: string): UserError {
  return new UserError(`${name} has no label ${label}.`, {
    code: 'unknown-version',
    hint: 'Labels of a prompt stand beside its versions; a fetch brings those of colleagues.',
  });
}
