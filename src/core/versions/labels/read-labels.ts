import type { RepositoryContext } from '../context.ts';
import type { Author } from '../git/identity.ts';
import { decodeName, encodeName, isRepositoryPath, LABEL_PREFIX, whyNoLabel } from '../names/ref-names.ts';
import { type ListedRef, listRefs, readTrailer } from '../refs/list-refs.ts';

/** A label where it stands now. */
export interface Label {
  /** The prompt's name, decoded. */
  prompt: string;
  label: string;
  ref: string;
  /** The newest move's commit (not the target). */
  tip: string;
  /** Commit that the label stands on. */
  target: string;
  /** The prompt's path at the target. */
  path: string;
  movedAt: number;
  movedBy: Author;
}

/** Every label where it stands now; one that was removed is not among them. */
export async function readLabels(context: RepositoryContext, signal?: AbortSignal): Promise<Label[]> {
  return (await listRefs(context, [LABEL_PREFIX], signal)).flatMap(labelOf);
}

/**
 * A ref of the tool as a label; none where the newest move removed it, or it is not of the tool's making. One that is
 * called `v3` or `HEAD` would stand before what everybody means by that.
 */
export function labelOf({ ref, object, type, parents, by, at, message }: ListedRef): Label[] {
  const [prompt, label, ...more] = ref.slice(LABEL_PREFIX.length).split('/');
  const target = parents.at(-1);
  const action = readTrailer(message, 'Label-Action');
  const path = readTrailer(message, 'Prompt-Path');
  if (type !== 'commit' || !prompt || !label || more.length > 0 || target === undefined) return [];
  if (action === undefined || action === 'remove' || path === undefined || !isRepositoryPath(path)) return [];
  if (!isOwnName(prompt) || !isOwnName(label) || whyNoLabel(decodeName(label)) !== undefined) return [];
  return [
    { prompt: decodeName(prompt), label: decodeName(label), ref, tip: object, target, path, movedAt: at, movedBy: by },
  ];
}

/** Two refs must not decode to one name. */
function isOwnName(encoded: string): boolean {
  return encodeName(decodeName(encoded)) === encoded;
}
