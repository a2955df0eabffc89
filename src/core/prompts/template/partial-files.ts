import path from 'node:path';
import { isPathInside } from '../../base/files/read-file.ts';
import type { FileReader } from '../../base/ports.ts';
import { foldersAbove } from '../folders-above.ts';

export interface PartialPlace {
  /** The folder of the prompt's file. */
  promptDir: string | undefined;
  /** Partials are searched up to here and read from nowhere else. */
  root: string | undefined;
}

interface FoundPartial {
  /** Absolute. */
  path: string;
  text: string;
}

/**
 * The file `_name.prompt`, from the prompt's own folder or the nearest parent folder; `dir/name` is in a subfolder.
 * Undefined if there is none; rejects with `FileRefusal` if it is a link to a place outside the workspace.
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

/** Every absolute path where a partial may be, in order of precedence. */
export function partialCandidates(name: string, place: PartialPlace): string[] {
  const root = place.root ?? place.promptDir;
  if (root === undefined) return [];
  const file = path.join(path.dirname(name), `_${path.basename(name)}.prompt`);
  const folders = foldersAbove(place.promptDir ?? root, root);
  return folders.map((folder) => path.resolve(folder, file)).filter((candidate) => isPathInside(root, candidate));
}

export function isPartialFile(file: string | undefined): boolean {
  return file !== undefined && /(?:^|[\\/])_[^\\/]*\.prompt$/.test(file);
}
