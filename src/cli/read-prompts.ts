import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../core/base/errors.ts';
import { createWorkspaceIndex, type WorkspaceIndex } from '../core/prompts/language/workspace-index.ts';
import { isSchemaFile } from '../core/prompts/named-schemas.ts';
import { findRoot } from './host.ts';

const SKIPPED: ReadonlySet<string> = new Set(['node_modules', 'dist', 'out', 'build', '__pycache__']);

/**
 * The prompts that were asked for, and an index that also holds the partials and schemas around them. Each is looked at
 * from the root that a run of it has, so that what is found here is what a run finds.
 */
export async function readPrompts(targets: readonly string[]): Promise<{ index: WorkspaceIndex; paths: string[] }> {
  const asked = new Set<string>();
  for (const target of targets) {
    const found = await stat(target).catch(() => undefined);
    if (!found) {
      throw new UserError(`${target} does not exist.`, { code: 'usage', hint: 'Name a .prompt file or a folder.' });
    }
    if (!found.isDirectory() && !target.endsWith('.prompt')) {
      const hint = 'Name a .prompt file or a folder; llmops import turns prompts of other tools into such files.';
      throw new UserError(`${target} is not a .prompt file.`, { code: 'usage', hint });
    }
    const files = found.isDirectory() ? await listFiles(target) : [target];
    for (const file of files) if (file.endsWith('.prompt')) asked.add(file);
  }
  const folders = new Set([...asked].map((file) => path.dirname(file)));
  const roots = new Map([...folders].map((folder) => [folder, findRoot(folder)]));
  const index = createWorkspaceIndex(() => [...new Set(roots.values())].filter((root) => root !== undefined));
  const around = await Promise.all([...new Set([...roots].map(([folder, root]) => root ?? folder))].map(listFiles));
  for (const file of new Set([...asked, ...around.flat()])) {
    if (isSchemaFile(file)) index.setSchema(file, await readFile(file, 'utf8'));
    else if (file.endsWith('.prompt')) index.setPrompt(file, await readFile(file, 'utf8'));
  }
  return { index, paths: [...asked].sort() };
}

/** Links to folders are not followed: they may lead in a circle. */
async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found = await Promise.all(
    entries.map(async (entry): Promise<string[]> => {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) return entry.name.startsWith('.') || SKIPPED.has(entry.name) ? [] : listFiles(file);
      return entry.isFile() && (file.endsWith('.prompt') || isSchemaFile(file)) ? [file] : [];
    }),
  );
  return found.flat();
}
