import { LRUCache } from 'lru-cache';
import type { RepositoryContext } from '../context.ts';
import { type PromptRefs, readPromptRefs } from '../refs/prompt-refs.ts';
import { listPromptNames, type NameOptions, nameOfPrompt } from './prompt-names.ts';

/** The possible names in a prompt's refs: the current one first, then the former ones. */
interface PromptAliases {
  name: string;
  former: string[];
}

/**
 * A former name counts if refs have it, no other prompt has it now, and they were created for a path that the prompt
 * has or had. Renames are looked up only if there are such refs.
 */
export async function aliasesOf(
  context: RepositoryContext,
  path: string,
  { text, signal, ...known }: NameOptions & { refs?: PromptRefs | undefined } = {},
): Promise<PromptAliases> {
  const [refs, present] = await Promise.all([
    known.refs ?? readPromptRefs(context, signal),
    known.present ?? listPromptNames(context, signal),
  ]);
  const name = await nameOfPrompt(context, path, { text, present, signal });
  const taken = new Set([name, ...present.filter((prompt) => prompt.path !== path).map((prompt) => prompt.name)]);
  const made: { prompt: string; path: string }[] = [...refs.tags, ...refs.labels];
  const orphans = made.filter(({ prompt }) => !taken.has(prompt));
  if (orphans.length === 0) return { name, former: [] };
  const paths = orphans.some((orphan) => orphan.path !== path) ? await pathsOf(context, path, signal) : [path];
  const former = orphans.filter((orphan) => paths.includes(orphan.path)).map(({ prompt }) => prompt);
  return { name, former: [...new Set(former)] };
}

const paths = new LRUCache<string, string[]>({ max: 500 });

/** Every path that a prompt has had on this branch, newest first. */
export async function pathsOf(context: RepositoryContext, path: string, signal?: AbortSignal): Promise<string[]> {
  const { head, root } = context.repository;
  if (head === undefined) return [path];
  const key = `${root}:${head}:${path}`;
  const known = paths.get(key);
  if (known) return known;
  const args = ['log', '--follow', '-z', '--format=', '--name-status', '--diff-filter=R', head, '--', path];
  const tokens = (await context.git.run(args, { signal, mayPrintNothing: true }))
    .split('\0')
    .map((token) => token.replace(/^\n+/, ''));
  const found = [path];
  for (const [index, token] of tokens.entries()) {
    if (/^R\d+$/.test(token) && tokens[index + 2] === found.at(-1)) found.push(tokens[index + 1] ?? path);
  }
  paths.set(key, found);
  return found;
}
