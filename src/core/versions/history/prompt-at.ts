import type { RepositoryContext } from '../context.ts';
import { promptNameOf } from '../names/prompt-names.ts';
import { repositoryCache } from '../repository-cache.ts';
import { contentAt } from '../results/effective-content.ts';

/** A prompt at one commit, without its texts: small enough to be cached for every commit of a long history. */
export interface PromptAt {
  blob: string;
  /** Hash of the effective content. */
  hash: string;
  /** Its name there. */
  name: string;
  /** Repository paths of the partials that it uses, and of all places where they are or could be. */
  partials: readonly string[];
  candidates: readonly string[];
}

const promptsOf = repositoryCache<PromptAt | 'absent'>({ max: 20_000 });
/** Lists of paths are the same at most commits, and stored once. */
const listsOf = repositoryCache<readonly string[]>({ max: 200 });

/** Undefined if the commit has no prompt at that path. `commit` is a full hash, so its content never changes. */
export async function promptAt(
  context: RepositoryContext,
  commit: string,
  path: string,
): Promise<PromptAt | undefined> {
  const prompts = promptsOf(context);
  const key = `${commit}:${path}`;
  const found = prompts.get(key);
  if (found) return found === 'absent' ? undefined : found;
  const content = await contentAt(context, commit, path);
  const prompt = content && {
    blob: content.blob,
    hash: content.hash,
    name: promptNameOf(content.source, path),
    partials: internList(
      context,
      content.partials.map((partial) => partial.path),
    ),
    candidates: internList(context, content.candidates),
  };
  prompts.set(key, prompt ?? 'absent');
  return prompt;
}

function internList(context: RepositoryContext, list: readonly string[]): readonly string[] {
  const lists = listsOf(context);
  const key = list.join('\n');
  const known = lists.get(key);
  if (!known) lists.set(key, list);
  return known ?? list;
}
