import type { RepositoryContext } from '../context.ts';
import type { Author } from '../git/identity.ts';
import { decodeName, encodeName, isRepositoryPath, LABEL_PREFIX, labelProblem } from '../names/ref-names.ts';
import { type ListedRef, listRefs, readTrailer } from '../refs/list-refs.ts';

/** A label and its current target. */
export interface Label {
  /** The prompt's name, decoded. */
  prompt: string;
  label: string;
  ref: string;
  /** The newest move's commit (not the target). */
  tip: string;
  /** The commit that the label points to. */
  target: string;
  /** The prompt's path at the target. */
  path: string;
  movedAt: number;
  movedBy: Author;
}

/** Every label with its current target; removed ones are not included. */
export async function readLabels(context: RepositoryContext, signal?: AbortSignal): Promise<Label[]> {
  return (await listRefs(context, [LABEL_PREFIX], signal)).flatMap(labelOf);
}

/**
 * A ref of the tool as a label; undefined if the newest move removed it, or if another program wrote it. A label called
 * `v3` or `HEAD` would hide what everybody means by that.
 */
export function labelOf({ ref, object, type, parents, by, at, message }: ListedRef): Label[] {
  const [prompt, label, ...more] = ref.slice(LABEL_PREFIX.length).split('/');
  const target = parents.at(-1);
  const action = readTrailer(message, 'Label-Action');
  const path = readTrailer(message, 'Prompt-Path');
  if (type !== 'commit' || !prompt || !label || more.length > 0 || target === undefined) return [];
  if (action === undefined || action === 'remove' || path === undefined || !isRepositoryPath(path)) return [];
  if (!isOwnName(prompt) || !isOwnName(label) || labelProblem(decodeName(label)) !== undefined) return [];
  return [
    { prompt: decodeName(prompt), label: decodeName(label), ref, tip: object, target, path, movedAt: at, movedBy: by },
  ];
}

/** Two refs must not decode to one name. */
function isOwnName(encoded: string): boolean {
  return encodeName(decodeName(encoded)) === encoded;
}
