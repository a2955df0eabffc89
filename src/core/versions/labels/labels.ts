import type { RepositoryHandle } from '../git/repository-handle.ts';
import { ownPath } from '../git/repository-path.ts';
import { type LabelOptions, labelHistory, moveLabel, removeLabel } from './move-label.ts';
import { type Label, readLabels } from './read-labels.ts';

export type Labels = ReturnType<typeof createLabels>;

/** Names such as `production` that move from version to version; each move is recorded. */
export function createLabels({ open, reopen, openFor }: RepositoryHandle) {
  return {
    list: async (signal?: AbortSignal): Promise<Label[]> => readLabels(await open(signal), signal),
    /** `expected` is the label's tip as the user saw it: if someone else moved it since, an error (`label-moved`). */
    async move(file: string, options: LabelOptions & { commit: string }) {
      const context = await reopen(options.signal);
      return moveLabel(context, await ownPath(context, file), options);
    },
    async remove(file: string, options: LabelOptions) {
      const context = await reopen(options.signal);
      return removeLabel(context, await ownPath(context, file), options);
    },
    history: async (file: string, label: string, signal?: AbortSignal) =>
      labelHistory(...(await openFor(file, signal)), { label, signal }),
  };
}
