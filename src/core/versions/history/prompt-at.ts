import { type BoundedCache, createBoundedCache } from '../bounded-cache.ts';
import type { RepositoryContext } from '../context.ts';
import type { ObjectReader } from '../git/object-reader.ts';
import { promptNameOf } from '../names/prompt-names.ts';
import { contentAt } from '../results/effective-content.ts';

/** A prompt as one commit has it, without its texts: small enough to be kept for every commit of a long history. */
export interface PromptAt {
  blob: string;
  /** Hash of the effective content. */
  hash: string;
  /** What it was called. */
  name: string;
  /** Repository paths of the partials that it uses, and of all where they are or could be. */
  partials: readonly string[];
  candidates: readonly string[];
}

interface Known {
  prompts: BoundedCache<PromptAt | 'absent'>;
  /** Lists of paths are the same at most commits, and kept once. */
  lists: BoundedCache<readonly string[]>;
}

const MOST = 20_000;
const knownOf = new WeakMap<ObjectReader, Known>();

/** Undefined where the commit has no prompt of that path. `commit` is a full hash: what it has never changes. */
export async function promptAt(
  context: RepositoryContext,
  commit: string,
  path: string,
): Promise<PromptAt | undefined> {
  const known = knownOf.get(context.objects) ?? {
    prompts: createBoundedCache<PromptAt | 'absent'>(MOST),
    lists: createBoundedCache<readonly string[]>(200),
  };
  knownOf.set(context.objects, known);
  const key = `${commit}:${path}`;
  const found = known.prompts.get(key);
  if (found) return found === 'absent' ? undefined : found;
  const content = await contentAt(context, commit, path);
  const prompt = content && {
    blob: content.blob,
    hash: content.hash,
    name: promptNameOf(content.source, path),
    partials: kept(
      known,
      content.partials.map((partial) => partial.path),
    ),
    candidates: kept(known, content.candidates),
  };
  known.prompts.set(key, prompt ?? 'absent');
  return prompt;
}

function kept({ lists }: Known, list: readonly string[]): readonly string[] {
  const key = list.join('\n');
  const known = lists.get(key);
  if (!known) lists.set(key, list);
  return known ?? list;
}
