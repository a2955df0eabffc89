import { readdir } from 'node:fs/promises';
import path from 'node:path';

const SKIPPED: ReadonlySet<string> = new Set(['node_modules', 'dist', 'out', 'build', '__pycache__']);

/**
 * The files in a folder and below it. Symbolic links to folders are not followed, since they may form a loop. Links to
 * files and special files are included: reading them reports what they are, and without them they would count as missing.
 */
export async function listFiles(
  folder: string,
  isWanted: (file: string, isFolder: boolean) => boolean,
): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found = await Promise.all(
    entries.map(async (entry): Promise<string[]> => {
      const file = path.join(folder, entry.name);
      const own = isWanted(file, entry.isDirectory()) ? [file] : [];
      if (!entry.isDirectory()) return own;
      return entry.name.startsWith('.') || SKIPPED.has(entry.name)
        ? []
        : [...own, ...(await listFiles(file, isWanted))];
    }),
  );
  return found.flat();
}
