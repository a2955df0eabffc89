import type { RepositoryHandle } from '../git/repository-handle.ts';
import { absolutePath, ownPath } from '../git/repository-path.ts';
import type { SavedTag } from '../refs/saved-tags.ts';
import { readSavedTags } from '../refs/saved-tags.ts';
import { type EffectiveContent, workingContent } from '../results/effective-content.ts';
import { proposeMessage } from './propose-message.ts';
import { type SavedVersion, type SaveOptions, saveVersion } from './save-version.ts';
import { readFolderStatus } from './status.ts';
import { readWorkingState, type WorkingState } from './working-state.ts';

/** Changes that are not a version yet, and saving them. */
export interface Saves {
  save(file: string, options: SaveOptions): Promise<SavedVersion>;
  /** A first line for the commit, from what changed ("Lower the temperature of churn-analysis to 0.2"). */
  proposeMessage(file: string, signal?: AbortSignal): Promise<string>;
  workingState(file: string, text?: string, signal?: AbortSignal): Promise<WorkingState>;
  /** The file as it is now, or the given text, with the work tree's partials: the current side of a comparison. */
  workingContent(file: string, text?: string, signal?: AbortSignal): Promise<EffectiveContent>;
  /** For many files at once, by one `git status`: absolute paths of prompts and partials that differ from HEAD. */
  changedFiles(signal?: AbortSignal): Promise<Map<string, 'changed' | 'untracked' | 'conflicted' | 'deleted'>>;
  /** Numbered versions of every prompt, by its name. */
  tags(signal?: AbortSignal): Promise<Map<string, SavedTag[]>>;
}

export function createSaves({ open, reopen }: RepositoryHandle): Saves {
  return {
    save: async (file, options) => saveVersion(await reopen(options.signal), file, options),
    async proposeMessage(file, signal) {
      const context = await open(signal);
      return proposeMessage(context, await ownPath(context, file), signal);
    },
    async workingState(file, text, signal) {
      const context = await open(signal);
      return readWorkingState(context, await ownPath(context, file), { text, signal });
    },
    async workingContent(file, text, signal) {
      const context = await open(signal);
      return workingContent(context, await ownPath(context, file), { text });
    },
    async changedFiles(signal) {
      const context = await open(signal);
      const status = await readFolderStatus(context, signal);
      return new Map([...status].map(([path, { kind }]) => [absolutePath(context, path), kind]));
    },
    tags: async (signal) => readSavedTags(await open(signal), signal),
  };
}
