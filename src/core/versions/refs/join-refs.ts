import type { RepositoryContext } from '../context.ts';
import { isReached } from '../history/pointed-rows.ts';
import { promptAt } from '../history/prompt-at.ts';
import type { PromptVersion } from '../history/prompt-version.ts';
import type { PromptRefs } from './prompt-refs.ts';
import { type SavedVersionTag, toSavedTag } from './saved-tags.ts';

/** The refs of a prompt and the paths that it had: a ref contains the path at its creation. */
interface PromptPast {
  refs: PromptRefs;
  paths: ReadonlySet<string>;
  /** The start of the history. */
  tips: readonly string[];
  signal: AbortSignal | undefined;
}

/** Assigns the tags and the labels of a prompt to their versions, up to the end of the page. */
export async function joinRefs(
  context: RepositoryContext,
  versions: readonly PromptVersion[],
  { refs, paths, tips, signal }: PromptPast,
): Promise<void> {
  for (const tag of refs.tags.filter(({ path }) => paths.has(path))) {
    const version = await versionOf(context, versions, { tag, tips, signal });
    version?.savedAs.push(toSavedTag(tag));
  }
  for (const { savedAs } of versions) savedAs.sort((a, b) => a.number - b.number);
  for (const { label, target, path } of refs.labels.filter((one) => paths.has(one.path))) {
    const content = await promptAt(context, target, path);
    for (const version of versions.filter(({ contentHash }) => contentHash === content?.hash)) {
      if (!version.labels.includes(label)) version.labels.push(label);
    }
  }
}

/**
 * The version at the saved commit. If that commit is not in this history, as after a rebase, it is the newest one with
 * that content that is not younger; a content may come back later.
 */
async function versionOf(
  context: RepositoryContext,
  versions: readonly PromptVersion[],
  { tag, tips, signal }: { tag: SavedVersionTag } & Pick<PromptPast, 'tips' | 'signal'>,
): Promise<PromptVersion | undefined> {
  const same = versions.filter(({ contentHash }) => contentHash === tag.contentHash);
  const own = same.filter(({ commit }) => commit === tag.commit);
  if (own.length > 0) return own.find(({ path }) => path === tag.path) ?? own[0];
  const like = same.find(({ committedAt }) => committedAt <= tag.committedAt);
  return like && !(await isReached(context, tag.commit, { tips, signal })) ? like : undefined;
}
