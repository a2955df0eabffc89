import type { RepositoryHandle } from '../git/repository-handle.ts';
import { absolutePath } from '../git/repository-path.ts';
import { readPromptRefs } from '../refs/prompt-refs.ts';
import { findPrompt, locatePrompt } from './find-prompt.ts';
import { listPromptNames, nameOfPrompt } from './prompt-names.ts';
import { knownRefs, resolveVersion } from './resolve-version.ts';

export type Names = ReturnType<typeof createNames>;

/** The names of prompts and their versions. */
export function createNames({ open, openFor }: RepositoryHandle) {
  return {
    /** The name for a prompt's versions and labels: its `name`, otherwise its path without extension. */
    nameOf: async (file: string, text?: string) => nameOfPrompt(...(await openFor(file)), { text }),
    /** Every prompt in the repository that git tracks or could track. */
    list: async (signal?: AbortSignal) => listPromptNames(await open(signal), signal),
    /** The version that a user means: `churn-analysis@production`, `@v3`, `@a1b2c3d`, `@HEAD~2`. */
    resolve: async (spec: string, signal?: AbortSignal) => resolveVersion(await open(signal), spec, signal),
    /** The labels and saved versions of a prompt, by its name or path. */
    async refsOf(prompt: string, signal?: AbortSignal) {
      const context = await open(signal);
      const refs = await readPromptRefs(context, signal);
      return knownRefs(refs, (await findPrompt(context, prompt, { refs, signal })).names);
    },
    /** The file that `NAME` or `NAME@REF` means, absolute, and the ref as written; undefined means the working file. */
    async locate(spec: string, signal?: AbortSignal) {
      const context = await open(signal);
      const { path, ref } = await locatePrompt(context, spec, { signal });
      return { file: absolutePath(context, path), ref };
    },
  };
}
