import type { RepositoryContext } from './context.ts';
import { labelOf } from './labels.ts';
import { listRefs } from './list-refs.ts';
import { LABEL_PREFIX, TAG_PREFIX } from './names.ts';
import { type SavedVersionTag, savedTagOf } from './saved-tags.ts';
import type { Label } from './versions.ts';

/** All that names versions of prompts in this repository. */
export interface PromptRefs {
  labels: Label[];
  tags: SavedVersionTag[];
}

/** One process for both. */
export async function readPromptRefs(context: RepositoryContext, signal?: AbortSignal): Promise<PromptRefs> {
  const refs = await listRefs(context, [TAG_PREFIX, LABEL_PREFIX], signal);
  return {
    labels: refs.filter(({ ref }) => ref.startsWith(LABEL_PREFIX)).flatMap(labelOf),
    tags: refs.filter(({ ref }) => ref.startsWith(TAG_PREFIX)).flatMap(savedTagOf),
  };
}
