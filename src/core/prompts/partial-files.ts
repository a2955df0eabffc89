import path from 'node:path';
import type { FileReader } from '../base/ports.ts';
import { foldersAbove, isInside } from './folders-above.ts';

export interface PartialPlace {
  /** The folder of the prompt's file. */
  promptDir: string | undefined;
  /** Partials are looked for up to here and read from nowhere else. */
  root: string | undefined;
}

/**
 * The text of `_name.prompt`, from the prompt's own folder or the nearest one above it; `dir/name` stands in a folder.
 * Undefined where there is none inside the workspace, symbolic links followed.
 */
export async function readPartial(name: string, place: PartialPlace, files: FileReader): Promise<string | undefined> {
  const root = place.root ?? place.promptDir;
  if (root === undefined) return undefined;
  const file = path.join(path.dirname(name), `_${path.basename(name)}.prompt`);
  for (const folder of foldersAbove(place.promptDir ?? root, root)) {
    const candidate = path.resolve(folder, file);
    if (isInside(root, candidate) && (await files.exists(candidate)) && (await staysInside(root, candidate, files))) {
      return files.readText(candidate);
    }
  }
  return undefined;
}

async function staysInside(root: string, candidate: string, files: FileReader): Promise<boolean> {
  return isInside(await files.realPath(root), await files.realPath(candidate));
}
