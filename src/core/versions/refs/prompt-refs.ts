import type { RepositoryContext } from '../context.ts';
import { type Label, labelOf } from '../labels/read-labels.ts';
import { encodeName, LABEL_PREFIX, TAG_PREFIX } from '../names/ref-names.ts';
import { listRefs } from './list-refs.ts';
import { type SavedVersionTag, savedTagOf } from './saved-tags.ts';

/** All refs for versions of prompts in this repository. */
export interface PromptRefs {
  labels: Label[];
  tags: SavedVersionTag[];
}

/** For every prompt, or for those with these names; one process for both. */
export async function readPromptRefs(
  context: RepositoryContext,
  signal?: AbortSignal,
  names?: readonly string[],
): Promise<PromptRefs> {
  const below = names?.map((name) => `${encodeName(name)}/`) ?? [''];
  const prefixes = below.flatMap((name) => [TAG_PREFIX + name, LABEL_PREFIX + name]);
  const refs = await listRefs(context, prefixes, signal);
  return {
    labels: refs.filter(({ ref }) => ref.startsWith(LABEL_PREFIX)).flatMap(labelOf),
    tags: refs.filter(({ ref }) => ref.startsWith(TAG_PREFIX)).flatMap(savedTagOf),
  };
}
