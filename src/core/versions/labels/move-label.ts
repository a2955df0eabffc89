import { UserError } from '../../base/errors.ts';
import type { RepositoryContext } from '../context.ts';
import { refuseLink } from '../git/commit-links.ts';
import { type Author, identityEnv } from '../git/identity.ts';
import { aliasesOf } from '../names/prompt-aliases.ts';
import { labelRef } from '../names/ref-names.ts';
import { readVersion } from '../names/resolve-version.ts';
import { readLabelCommit } from './label-commits.ts';
import { type LabelMove, readLabelMoves } from './label-history.ts';
import { readTip, stepLabel } from './label-step.ts';
import type { Label } from './read-labels.ts';

export interface LabelOptions {
  label: string;
  why: string;
  expected?: string;
  /** Used for this move if git knows no user (`no-identity` asks). */
  author?: Author;
  signal?: AbortSignal;
}

/** Sets a label on a commit, or moves it there; throws `label-moved` if someone else moved it in the meantime. */
export async function moveLabel(
  context: RepositoryContext,
  path: string,
  { commit, ...options }: LabelOptions & { commit: string },
): Promise<Label> {
  const [prompt, version, env] = await Promise.all([
    aliasesOf(context, path, options),
    readVersion(context, { commit, path }, options),
    identityEnv(context, options),
  ]);
  refuseLink(version);
  const { name, former } = prompt;
  return stepLabel(context, { ...options, prompt: name, former, target: version.commit, path: version.path, env });
}

/** Removes a label by a move that keeps its history, so that others receive it with their next fetch. */
export async function removeLabel(context: RepositoryContext, path: string, options: LabelOptions): Promise<void> {
  const [{ name: present, former }, env] = await Promise.all([
    aliasesOf(context, path, options),
    identityEnv(context, options),
  ]);
  for (const name of [present, ...former]) {
    const tip = await readTip(context, labelRef(name, options.label), options.signal);
    const move = tip === undefined ? undefined : await readLabelCommit(context, tip);
    if (!move?.target) continue;
    await stepLabel(context, { ...options, prompt: name, former: [], target: undefined, path: move.path, env });
    return;
  }
  throw noLabel(present, options.label);
}

/** Moves of a label, newest first, including those under the prompt's former names. */
export async function labelHistory(
  context: RepositoryContext,
  path: string,
  { label, signal }: { label: string; signal?: AbortSignal | undefined },
): Promise<LabelMove[]> {
  const { name: present, former } = await aliasesOf(context, path, { signal });
  for (const name of [present, ...former]) {
    const tip = await readTip(context, labelRef(name, label), signal);
    if (tip !== undefined) return readLabelMoves(context, tip);
  }
  throw noLabel(present, label);
}

function noLabel(name: string, label: string): UserError {
  return new UserError(`${name} has no label ${label}.`, {
    code: 'unknown-version',
    hint: 'A prompt’s labels are shown next to its versions; a fetch gets those of colleagues.',
  });
}
