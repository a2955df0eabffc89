import { strictFiles } from '../../base/files/text-encoding.ts';
import type { FileReader } from '../../base/ports.ts';
import { loadPrompt } from '../../prompts/load-prompt.ts';
import type { ParsedPrompt } from '../../prompts/prompt.ts';
import { changesBetween, type Progress, readChanges } from '../describe/changes-between.ts';
import { refuseLink } from '../git/commit-links.ts';
import { filesAtCommit } from '../git/files-at.ts';
import { findMergeBase } from '../git/merge-base.ts';
import type { RepositoryHandle } from '../git/repository-handle.ts';
import { nameOfPrompt } from '../names/prompt-names.ts';
import { type ResolvedVersion, readVersion, restoredText } from '../names/resolve-version.ts';
import { findBrokenRefs } from '../refs/broken-refs.ts';
import { readBlame } from './blame.ts';
import { type HistoryOptions, readHistory } from './read-history.ts';

export type History = ReturnType<typeof createHistory>;

/** The prompts in git: their versions, their contents, and their differences. Nothing is checked out. */
export function createHistory({ open, openFor }: RepositoryHandle, folder: string | undefined) {
  const filesAt = (commit: string) => filesAtCommit(open, commit);
  return {
    list: async (file: string, options?: HistoryOptions) =>
      readHistory(...(await openFor(file, options?.signal)), options),
    /** Labels and saved versions of a prompt that point to missing objects; all other results omit them. */
    async brokenRefs(file: string, signal?: AbortSignal) {
      const [context, path] = await openFor(file, signal);
      return findBrokenRefs(context, { name: await nameOfPrompt(context, path), signal });
    },
    async read(commit: string, file: string, signal?: AbortSignal) {
      const [context, path] = await openFor(file, signal);
      return readVersion(context, { commit, path }, { signal });
    },
    /** A version as a prompt, with the partials and schemas of its commit. Never throws for a broken prompt. */
    loadPrompt: (version: ResolvedVersion) =>
      loadVersion(version, { root: folder, files: strictFiles(filesAt(version.commit)) }),
    /** Files at a commit; paths are absolute ones of the work tree. Never leaves the repository. */
    filesAt: async (commit: string) => filesAt(commit),
    /** The version's text. It is not written anywhere: the caller puts it into the editor. */
    async restoredText(commit: string, file: string, signal?: AbortSignal) {
      const [context, path] = await openFor(file, signal);
      return restoredText(context, { commit, path }, signal);
    },
    /** Prompts that differ between two revisions; without `head` the work tree is compared. */
    changesBetween: async (base: string, head: string | undefined, signal?: AbortSignal, progress?: Progress) =>
      changesBetween(await open(signal), { base, head, signal, progress }),
    /** The same with both sides of each change. */
    readChanges: async (base: string, head: string | undefined, signal?: AbortSignal, progress?: Progress) =>
      readChanges(await open(signal), { base, head, signal, progress }),
    mergeBase: async (signal?: AbortSignal) => findMergeBase(await open(signal), signal),
    blame: async (file: string, text?: string, signal?: AbortSignal) =>
      readBlame(...(await openFor(file, signal)), { text, signal }),
  };
}

/** A version as a prompt, with the partials and schemas of its commit. */
async function loadVersion(
  { commit, absolutePath, content, link }: ResolvedVersion,
  { root, files }: { root: string | undefined; files: FileReader },
): Promise<ParsedPrompt> {
  refuseLink({ commit, link });
  // Throws if it replaces bytes that are not UTF-8.
  if (content.source.includes('\ufffd')) await files.readText(absolutePath);
  const parsed = await loadPrompt(content.source, { path: absolutePath, root, files });
  return { ...parsed, prompt: { ...parsed.prompt, revision: commit } };
}
