import type { RepositoryHandle } from '../git/repository-handle.ts';
import { absolutePath } from '../git/repository-path.ts';
import { readSavedTags, type SavedTag } from '../refs/saved-tags.ts';
import { workingContent } from '../results/effective-content.ts';
import { proposeMessage } from './propose-message.ts';
import { type SaveOptions, saveVersion } from './save-version.ts';
import { readFolderStatus } from './status.ts';
import { readWorkingState } from './working-state.ts';

export type Saves = ReturnType<typeof createSaves>;

/** Changes that are not a version yet, and saving them. */
export function createSaves({ open, reopen, openFor }: RepositoryHandle) {
  return {
    save: async (file: string, options: SaveOptions) => saveVersion(await reopen(options.signal), file, options),
    /** A first line for the commit, from what changed ("Lower the temperature of churn-analysis to 0.2"). */
    proposeMessage: async (file: string, signal?: AbortSignal) =>
      proposeMessage(...(await openFor(file, signal)), signal),
    workingState: async (file: string, text?: string, signal?: AbortSignal) =>
      readWorkingState(...(await openFor(file, signal)), { text, signal }),
    /** The file as it is now, or the given text, with the work tree's partials: the current side of a comparison. */
    workingContent: async (file: string, text?: string, signal?: AbortSignal) =>
      workingContent(...(await openFor(file, signal)), { text }),
    /** For many files at once, by one `git status`: absolute paths of prompts and partials that differ from HEAD. */
    async changedFiles(signal?: AbortSignal) {
      const context = await open(signal);
      const status = await readFolderStatus(context, signal);
      return new Map([...status].map(([path, { kind }]) => [absolutePath(context, path), kind]));
    },
    /** Numbered versions of every prompt, by its name. */
    tags: async (signal?: AbortSignal): Promise<Map<string, SavedTag[]>> => readSavedTags(await open(signal), signal),
  };
}
