import { strictFiles } from '../../base/files/text-encoding.ts';
import type { FileReader } from '../../base/ports.ts';
import { loadPrompt } from '../../prompts/load-prompt.ts';
import type { ParsedPrompt } from '../../prompts/prompt.ts';
import {
  type ChangedContent,
  changesBetween,
  type Progress,
  type PromptChange,
  readChanges,
} from '../describe/changes-between.ts';
import { refuseLink } from '../git/commit-links.ts';
import { filesAtCommit } from '../git/files-at.ts';
import { findMergeBase } from '../git/merge-base.ts';
import type { RepositoryHandle } from '../git/repository-handle.ts';
import { ownPath } from '../git/repository-path.ts';
import { nameOfPrompt } from '../names/prompt-names.ts';
import { type ResolvedVersion, readVersion, restoredText } from '../names/resolve-version.ts';
import { type BrokenRef, findBrokenRefs } from '../refs/broken-refs.ts';
import { type BlameLine, readBlame } from './blame.ts';
import { type HistoryOptions, type HistoryPage, readHistory } from './read-history.ts';

/** The prompts in git: their versions, their contents, and their differences. Nothing is checked out. */
export interface History {
  list(file: string, options?: HistoryOptions): Promise<HistoryPage>;
  /** Labels and saved versions of a prompt that point to missing objects; all other results omit them. */
  brokenRefs(file: string, signal?: AbortSignal): Promise<BrokenRef[]>;
  read(commit: string, file: string, signal?: AbortSignal): Promise<ResolvedVersion>;
  /** A version as a prompt, with the partials and schemas of its commit. Never throws for a broken prompt. */
  loadPrompt(version: ResolvedVersion): Promise<ParsedPrompt>;
  /** Files at a commit; paths are absolute ones of the work tree. Never leaves the repository. */
  filesAt(commit: string): Promise<FileReader>;
  /** The version's text. It is not written anywhere: the caller puts it into the editor. */
  restoredText(commit: string, file: string, signal?: AbortSignal): Promise<string>;
  /** Prompts that differ between two revisions; without `head` the work tree is compared. */
  changesBetween(
    base: string,
    head: string | undefined,
    signal?: AbortSignal,
    progress?: Progress,
  ): Promise<PromptChange[]>;
  /** The same with both sides of each change. */
  readChanges(
    base: string,
    head: string | undefined,
    signal?: AbortSignal,
    progress?: Progress,
  ): Promise<ChangedContent[]>;
  mergeBase(signal?: AbortSignal): Promise<{ base: string; upstream: string } | undefined>;
  blame(file: string, text?: string, signal?: AbortSignal): Promise<BlameLine[]>;
}

export function createHistory({ open }: RepositoryHandle, folder: string | undefined): History {
  const filesAt = (commit: string) => filesAtCommit(open, commit);
  return {
    async list(file, options) {
      const context = await open(options?.signal);
      return readHistory(context, await ownPath(context, file), options);
    },
    async brokenRefs(file, signal) {
      const context = await open(signal);
      return findBrokenRefs(context, { name: await nameOfPrompt(context, await ownPath(context, file)), signal });
    },
    async read(commit, file, signal) {
      const context = await open(signal);
      return readVersion(context, { commit, path: await ownPath(context, file) }, { signal });
    },
    loadPrompt: (version) => loadVersion(version, { root: folder, files: strictFiles(filesAt(version.commit)) }),
    filesAt: async (commit) => filesAt(commit),
    async restoredText(commit, file, signal) {
      const context = await open(signal);
      return restoredText(context, { commit, path: await ownPath(context, file) }, signal);
    },
    changesBetween: async (base, head, signal, progress) =>
      changesBetween(await open(signal), { base, head, signal, progress }),
    readChanges: async (base, head, signal, progress) =>
      readChanges(await open(signal), { base, head, signal, progress }),
    mergeBase: async (signal) => findMergeBase(await open(signal), signal),
    async blame(file, text, signal) {
      const context = await open(signal);
      return readBlame(context, await ownPath(context, file), { text, signal });
    },
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
