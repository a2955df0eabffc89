import type { RepositoryContext } from '../context.ts';
import { readLabelCommit } from '../labels/label-commits.ts';
import { decodeName, encodeName, LABEL_PREFIX, TAG_PREFIX } from '../names/ref-names.ts';
import { findMissing, nameRefs } from './missing-objects.ts';

/** A label or a version with an object missing from this repository; everything else works without it. */
export interface BrokenRef {
  /** For a version in its history, the commit. */
  ref: string;
  kind: 'tag' | 'label' | 'version';
  /** The prompt's name, decoded. */
  prompt: string;
  /** `v2`, `production`, or the commit as abbreviated by git. */
  name: string;
  /** The object that is missing. */
  object: string;
  message: string;
  /** How to remove or repair it. */
  hint: string;
}

/** Labels and saved versions, of one prompt or of all, that point to an object which this repository does not have. */
export async function findBrokenRefs(
  context: RepositoryContext,
  { name, signal }: { name?: string | undefined; signal?: AbortSignal | undefined } = {},
): Promise<BrokenRef[]> {
  const below = name === undefined ? '' : `${encodeName(name)}/`;
  const refs = await nameRefs(context, [TAG_PREFIX + below, LABEL_PREFIX + below], signal);
  const labels = refs.filter(({ ref, missing }) => missing === undefined && ref.startsWith(LABEL_PREFIX));
  const moves = await Promise.all(labels.map(({ object }) => readLabelCommit(context, object)));
  const targets = new Map(labels.map(({ ref }, index) => [ref, moves[index]?.target]));
  const requested = [...targets.values()].filter((target) => target !== undefined);
  const gone = new Set((await findMissing(context, requested, signal)).filter((target) => target !== undefined));
  return refs.flatMap(({ ref, missing }) => {
    const target = targets.get(ref);
    const object = missing ?? (target !== undefined && gone.has(target) ? target : undefined);
    return object === undefined ? [] : toBrokenRef(ref, object.replace(/\^\{\}$/, ''));
  });
}

function toBrokenRef(ref: string, object: string): BrokenRef[] {
  const isTag = ref.startsWith(TAG_PREFIX);
  const [prompt, name, ...more] = ref
    .slice((isTag ? TAG_PREFIX : LABEL_PREFIX).length)
    .split('/')
    .map(decodeName);
  if (!prompt || !name || more.length > 0) return [];
  const remove = isTag ? `git tag -d ${ref.slice('refs/tags/'.length)}` : `git update-ref -d ${ref}`;
  const what = `${name} of ${prompt} points to the object ${object.slice(0, 10)}, which is missing from this repository.`;
  const hint = `Fetch it from a clone that has it, or remove the ${isTag ? 'tag' : 'label'} here: ${remove}`;
  return [{ ref, kind: isTag ? 'tag' : 'label', prompt, name, object, message: what, hint }];
}
