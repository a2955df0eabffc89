import type { RepositoryHandle } from '../git/repository-handle.ts';
import { ownPath } from '../git/repository-path.ts';
import type { LabelMove } from './label-history.ts';
import { type LabelOptions, labelHistory, moveLabel, removeLabel } from './move-label.ts';
import { type Label, readLabels } from './read-labels.ts';

/** Names such as `production` that move from version to version; each move is recorded. */
export interface Labels {
  list(signal?: AbortSignal): Promise<Label[]>;
  /** `expected` is the label's tip as the user saw it: if somebody else moved it since, an error (`label-moved`). */
  move(file: string, options: LabelOptions & { commit: string }): Promise<Label>;
  remove(file: string, options: LabelOptions): Promise<void>;
  history(file: string, label: string, signal?: AbortSignal): Promise<LabelMove[]>;
}

export function createLabels({ open, reopen }: RepositoryHandle): Labels {
  return {
    list: async (signal) => readLabels(await open(signal), signal),
    async move(file, options) {
      const context = await reopen(options.signal);
      return moveLabel(context, await ownPath(context, file), options);
    },
    async remove(file, options) {
      const context = await reopen(options.signal);
      return removeLabel(context, await ownPath(context, file), options);
    },
    async history(file, label, signal) {
      const context = await open(signal);
      return labelHistory(context, await ownPath(context, file), { label, signal });
    },
  };
}
