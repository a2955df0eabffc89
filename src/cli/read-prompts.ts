import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../core/base/errors.ts';
import { readSchemaFile } from '../core/prompts/language/read-schema-file.ts';
import { createWorkspaceIndex, type WorkspaceIndex } from '../core/prompts/language/workspace-index.ts';

const SKIPPED: ReadonlySet<string> = new Set(['node_modules', 'dist', 'out', 'build', '__pycache__']);

/** The prompts that were asked for, and an index that also holds the partials and schemas around them. */
export async function readPrompts(
  targets: readonly string[],
  root: string,
): Promise<{ index: WorkspaceIndex; paths: string[] }> {
  const index = createWorkspaceIndex(() => [root]);
  const asked = new Set<string>();
  for (const target of targets) {
    const found = await stat(target).catch(() => undefined);
    if (!found) {
      throw new UserError(`${target} does not exist.`, { code: 'usage', hint: 'Name a .prompt file or a folder.' });
    }
    const files = found.isDirectory() ? await listFiles(target) : [target];
    for (const file of files) if (!found.isDirectory() || file.endsWith('.prompt')) asked.add(file);
  }
  for (const file of new Set([...asked, ...(await listFiles(root))])) {
    if (isSchema(file)) index.setSchema(file, readSchemaFile(await readFile(file, 'utf8')));
    else if (file.endsWith('.prompt') || asked.has(file)) index.setPrompt(file, await readFile(file, 'utf8'));
  }
  return { index, paths: [...asked].sort() };
}

function isSchema(file: string): boolean {
  return /[\\/]schemas[\\/][^\\/]+\.(?:ya?ml|json)$/.test(file);
}

/** Links to folders are not followed: they may lead in a circle. */
async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found = await Promise.all(
    entries.map(async (entry): Promise<string[]> => {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) return entry.name.startsWith('.') || SKIPPED.has(entry.name) ? [] : listFiles(file);
      return entry.isFile() && (file.endsWith('.prompt') || isSchema(file)) ? [file] : [];
    }),
  );
  return found.flat();
}
