import type { RepositoryContext } from './context.ts';
import { contentAt } from './effective-content.ts';
import type { PromptRefs } from './prompt-refs.ts';
import { toSavedTag } from './saved-tags.ts';
import type { PromptVersion } from './versions.ts';

/** The refs of a prompt and the paths that it had: a ref keeps the path of its day. */
export interface PromptPast {
  refs: PromptRefs;
  paths: readonly string[];
}

/** Puts the tags and the labels of a prompt on the versions that they name. */
export async function joinRefs(
  context: RepositoryContext,
  versions: readonly PromptVersion[],
  { refs, paths }: PromptPast,
): Promise<void> {
  const { tags, labels } = refs;
  for (const tag of tags.filter(({ path }) => paths.includes(path))) {
    standsOn(versions, tag)?.savedAs.push(toSavedTag(tag));
  }
  for (const { savedAs } of versions) savedAs.sort((a, b) => a.number - b.number);
  for (const { label, target, path } of labels.filter((one) => paths.includes(one.path))) {
    const content = await contentAt(context, target, path);
    for (const version of versions.filter(({ contentHash }) => contentHash === content?.hash)) {
      if (!version.labels.includes(label)) version.labels.push(label);
    }
  }
}

/** The newest version of that content which is not younger than what was saved; a content may come back later. */
function standsOn(
  versions: readonly PromptVersion[],
  tag: { contentHash: string; commit: string; committedAt: number },
): PromptVersion | undefined {
  const same = versions.filter(({ contentHash }) => contentHash === tag.contentHash);
  return (
    same.find(({ commit }) => commit === tag.commit) ?? same.find(({ committedAt }) => committedAt <= tag.committedAt)
  );
}
