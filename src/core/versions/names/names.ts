import type { RepositoryHandle } from '../git/repository-handle.ts';
import { absolutePath, ownPath } from '../git/repository-path.ts';
import { locatePrompt } from './find-prompt.ts';
import { listPromptNames, nameOfPrompt, type PromptName } from './prompt-names.ts';
import { type ResolvedVersion, resolveVersion } from './resolve-version.ts';

/** The names of prompts and their versions. */
export interface Names {
  /** The name for a prompt's versions and labels: its `name`, otherwise its path without extension. */
  nameOf(file: string, text?: string): Promise<string>;
  /** Every prompt in the repository that git tracks or could track. */
  list(signal?: AbortSignal): Promise<PromptName[]>;
  /** The version that a user means: `churn-analysis@production`, `@v3`, `@a1b2c3d`, `@HEAD~2`. */
  resolve(spec: string, signal?: AbortSignal): Promise<ResolvedVersion>;
  /** The file that `NAME` or `NAME@REF` means, absolute, and the ref as written; undefined means the working file. */
  locate(spec: string, signal?: AbortSignal): Promise<{ file: string; ref: string | undefined }>;
}

export function createNames({ open }: RepositoryHandle): Names {
  return {
    async nameOf(file, text) {
      const context = await open();
      return nameOfPrompt(context, await ownPath(context, file), { text });
    },
    list: async (signal) => listPromptNames(await open(signal), signal),
    resolve: async (spec, signal) => resolveVersion(await open(signal), spec, signal),
    async locate(spec, signal) {
      const context = await open(signal);
      const { path, ref } = await locatePrompt(context, spec, { signal });
      return { file: absolutePath(context, path), ref };
    },
  };
}
