import path from 'node:path';
import type { FileReader } from '../../base/ports.ts';
import { foldersAbove, isInside } from '../folders-above.ts';

export interface PartialPlace {
  /** The folder of the prompt's file. */
  promptDir: string | undefined;
  /** Partials are looked for up to here and read from nowhere else. */
  root: string | undefined;
}

export interface FoundPartial {
  /** Absolute. */
  path: string;
  text: string;
}

/**
 * The file `_name.prompt`, from the prompt's own folder or the nearest one above it; `dir/name` stands in a folder.
 * Undefined where there is none; rejects with `FileRefusal` where it is a link that leads out of the workspace.
 */
export async function findPartial(
  name: string,
  place: PartialPlace,
  files: FileReader,
): Promise<FoundPartial | undefined> {
  const root = place.root ?? place.promptDir;
  if (root === undefined) return undefined;
  for (const candidate of partialCandidates(name, place)) {
    if (await files.exists(candidate))
      return { path: candidate, text: await files.readText(candidate, { within: [root] }) };
  }
  return undefined;
}

export async function readPartial(name: string, place: PartialPlace, files: FileReader): Promise<string | undefined> {
  return (await findPartial(name, place, files))?.text;
}

/** Every absolute path where a partial may be, the one that wins first. */
export function partialCandidates(name: string, place: PartialPlace): string[] {
  const root = place.root ?? place.promptDir;
  if (root === undefined) return [];
  const file = path.join(path.dirname(name), `_${path.basename(name)}.prompt`);
  const folders = foldersAbove(place.promptDir ?? root, root);
  return folders.map((folder) => path.resolve(folder, file)).filter((candidate) => isInside(root, candidate));
}
