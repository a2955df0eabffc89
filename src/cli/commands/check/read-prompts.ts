import { lstat, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../../../core/base/errors.ts';
import { FileRefusal, readRegularFile } from '../../../core/base/files/read-file.ts';
import { decodeUtf8, describeEncoding } from '../../../core/base/files/text-encoding.ts';
import { createWorkspaceIndex, type WorkspaceIndex } from '../../../core/language/workspace/workspace-index.ts';
import { isSchemaFile } from '../../../core/prompts/schema/named-schemas.ts';
import { findRoot } from '../../find-root.ts';

const SKIPPED: ReadonlySet<string> = new Set(['node_modules', 'dist', 'out', 'build', '__pycache__']);

/**
 * The prompts that were asked for, and an index that also holds the partials and schemas around them. Each is looked at
 * from the root that a run of it has, so that what is found here is what a run finds. A link that leads out of it is in the
 * index as refused.
 */
export async function readPrompts(targets: readonly string[]): Promise<{ index: WorkspaceIndex; paths: string[] }> {
  const asked = new Set<string>();
  for (const target of targets) {
    // A link that leads nowhere or in a circle is there, and is reported as what it is.
    const found = await stat(target).catch(() => lstat(target).catch(() => undefined));
    if (!found) {
      throw new UserError(`${target} does not exist.`, { code: 'usage', hint: 'Specify a .prompt file or a folder.' });
    }
    if (!found.isDirectory() && !target.endsWith('.prompt')) {
      const hint = 'Specify a .prompt file or a folder. llmops import converts prompts of other tools.';
      throw new UserError(`${target} is not a .prompt file.`, { code: 'usage', hint });
    }
    const files = found.isDirectory() ? await listFiles(target) : [target];
    for (const file of files) if (file.endsWith('.prompt')) asked.add(file);
  }
  const folders = new Set([...asked].map((file) => path.dirname(file)));
  const roots = new Map([...folders].map((folder) => [folder, findRoot(folder)]));
  const index = createWorkspaceIndex(() => [...new Set(roots.values())].filter((root) => root !== undefined));
  const rootOf = (file: string) => {
    const folder = path.dirname(file);
    if (!roots.has(folder)) roots.set(folder, findRoot(folder));
    return roots.get(folder);
  };
  const around = await Promise.all([...new Set([...roots].map(([folder, root]) => root ?? folder))].map(listFiles));
  for (const file of new Set([...asked, ...around.flat()])) {
    if (isSchemaFile(file) || file.endsWith('.prompt')) await addFile(index, file, rootOf(file));
  }
  return { index, paths: [...asked].sort() };
}

/** Where there is no root the user named the file himself, and it may be anywhere. */
async function addFile(index: WorkspaceIndex, file: string, root: string | undefined): Promise<void> {
  try {
    const bytes = await readRegularFile(file, { within: root === undefined ? undefined : [root] });
    const { text, problem } = decodeUtf8(bytes);
    if (problem) index.refuse(file, describeEncoding(problem), { source: text, offset: problem.at });
    else if (isSchemaFile(file)) index.setSchema(file, bytes.toString('utf8'));
    else index.setPrompt(file, bytes.toString('utf8'));
  } catch (error) {
    const reason =
      error instanceof FileRefusal ? `${error.message} ${error.hint}` : `It cannot be read: ${String(error)}.`;
    index.refuse(file, reason);
  }
}

/**
 * Links to folders are not followed: they may lead in a circle. Of links to files the reader says where they lead, and of
 * what is no file that it is none: left out here, it would be taken for missing.
 */
async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found = await Promise.all(
    entries.map(async (entry): Promise<string[]> => {
      const file = path.join(folder, entry.name);
      const found = isSchemaFile(file) ? [file] : [];
      if (entry.isDirectory()) {
        return entry.name.startsWith('.') || SKIPPED.has(entry.name) ? [] : [...found, ...(await listFiles(file))];
      }
      return file.endsWith('.prompt') ? [file] : found;
    }),
  );
  return found.flat();
}
