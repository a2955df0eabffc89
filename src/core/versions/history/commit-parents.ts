import type { RepositoryContext } from '../context.ts';
import { repositoryCache } from '../repository-cache.ts';

/** A commit object's own data: its tree and its parents. */
interface CommitLinks {
  tree: string;
  parents: readonly string[];
}

const linksOf = repositoryCache<CommitLinks>({ max: 20_000 });

/** Parents that a shallow clone lacks are omitted; undefined if there is no such commit. */
export async function readLinks(context: RepositoryContext, commit: string): Promise<CommitLinks | undefined> {
  const known = linksOf(context);
  const found = known.get(commit);
  if (found) return found;
  const object = await context.objects.read(commit);
  if (object?.type !== 'commit') return undefined;
  const text = object.bytes.toString('latin1');
  const head = text.slice(0, text.indexOf('\n\n'));
  const named = [...head.matchAll(/^parent ([0-9a-f]+)$/gm)].map(([, parent]) => parent ?? '');
  const parents = context.repository.shallow ? await presentOnes(context, named) : named;
  const links = { tree: /^tree ([0-9a-f]+)$/m.exec(head)?.[1] ?? '', parents };
  known.set(commit, links);
  return links;
}

async function presentOnes({ objects }: RepositoryContext, commits: readonly string[]): Promise<string[]> {
  const found = await Promise.all(commits.map((commit) => objects.read(commit)));
  return commits.filter((_, index) => found[index] !== undefined);
}
