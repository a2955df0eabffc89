import { lstat, stat } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../../../core/base/errors.ts';
import { FileRefusal, readRegularFile } from '../../../core/base/files/read-file.ts';
import { decodeUtf8, describeEncoding } from '../../../core/base/files/text-encoding.ts';
import { WorkspaceIndex } from '../../../core/language/workspace/workspace-index.ts';
import { isSchemaFile } from '../../../core/prompts/schema/named-schemas.ts';
import { findRoot } from '../../find-root.ts';
import { listFiles } from './list-files.ts';

/**
 * The requested prompts, and an index that also contains the partials and schemas around them. Each is read from the
 * same root as for a run, so that both find the same files. A symbolic link out of the root is in the index as refused.
 */
export async function readPrompts(targets: readonly string[]): Promise<{ index: WorkspaceIndex; paths: string[] }> {
  const requested = new Set<string>();
  for (const target of targets) {
    // A broken symbolic link or a loop exists, and is reported as such.
    const found = await stat(target).catch(() => lstat(target).catch(() => undefined));
    if (!found) {
      throw new UserError(`${target} does not exist.`, { code: 'usage', hint: 'Specify a .prompt file or a folder.' });
    }
    if (!found.isDirectory() && !target.endsWith('.prompt')) {
      const hint = 'Specify a .prompt file or a folder. llmops import converts prompts of other tools.';
      throw new UserError(`${target} is not a .prompt file.`, { code: 'usage', hint });
    }
    const files = found.isDirectory() ? await listFiles(target, isOfPrompts) : [target];
    for (const file of files) if (file.endsWith('.prompt')) requested.add(file);
  }
  const folders = new Set([...requested].map((file) => path.dirname(file)));
  const roots = new Map([...folders].map((folder) => [folder, findRoot(folder)]));
  const index = new WorkspaceIndex(() => [...new Set(roots.values())].filter((root) => root !== undefined));
  const rootOf = (file: string) => {
    const folder = path.dirname(file);
    if (!roots.has(folder)) roots.set(folder, findRoot(folder));
    return roots.get(folder);
  };
  const around = await Promise.all(
    [...new Set([...roots].map(([folder, root]) => root ?? folder))].map((folder) => listFiles(folder, isOfPrompts)),
  );
  for (const file of new Set([...requested, ...around.flat()])) {
    if (isSchemaFile(file) || file.endsWith('.prompt')) await addFile(index, file, rootOf(file));
  }
  return { index, paths: [...requested].sort() };
}

/** Without a root, the user specified the file, so it may be anywhere. */
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

/** A folder that is named as a schema is included, so that reading it reports what it is. */
function isOfPrompts(file: string, isFolder: boolean): boolean {
  return isSchemaFile(file) || (!isFolder && file.endsWith('.prompt'));
}
