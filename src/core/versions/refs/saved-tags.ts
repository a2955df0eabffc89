import type { RepositoryContext } from '../context.ts';
import { decodeName, isRepositoryPath, TAG_PREFIX } from '../names/ref-names.ts';
import { type ListedRef, listRefs, readTrailer } from './list-refs.ts';

export interface SavedTag {
  /** `prompt/<encoded name>/v<n>` */
  tag: string;
  number: number;
  commit: string;
}

/** A saved version with the data in its tag. */
export interface SavedVersionTag extends SavedTag {
  /** The prompt's name, decoded, and its path when it was saved. */
  prompt: string;
  path: string;
  contentHash: string;
  /** Committer date of the commit, epoch milliseconds. */
  committedAt: number;
}

/** Tags of saved versions by the prompt's name, ascending. Tags by other programs are not included. */
export async function readSavedTags(
  context: RepositoryContext,
  signal?: AbortSignal,
): Promise<Map<string, SavedVersionTag[]>> {
  const tags = (await listRefs(context, [TAG_PREFIX], signal)).flatMap(savedTagOf);
  const byName = Map.groupBy(tags, ({ prompt }) => prompt);
  for (const saved of byName.values()) saved.sort((a, b) => a.number - b.number);
  return byName;
}

export function savedTagOf({ ref, type, peeled, peeledType, peeledAt, message }: ListedRef): SavedVersionTag[] {
  const match = /^([^/]+)\/v([1-9]\d*)$/.exec(ref.slice(TAG_PREFIX.length));
  const path = readTrailer(message, 'Prompt-Path');
  const contentHash = readTrailer(message, 'Prompt-Content');
  if (!match || type !== 'tag' || peeledType !== 'commit' || path === undefined || contentHash === undefined) return [];
  if (!isRepositoryPath(path)) return [];
  const tag = ref.slice('refs/tags/'.length);
  const prompt = decodeName(match[1] ?? '');
  return [{ tag, number: Number(match[2]), commit: peeled, prompt, path, contentHash, committedAt: peeledAt }];
}

/** The part that callers of versions see. */
export function toSavedTag({ tag, number, commit }: SavedTag): SavedTag {
  return { tag, number, commit };
}
