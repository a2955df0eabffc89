import { existsSync } from 'node:fs';
import path from 'node:path';
import { diskFiles } from '../../../core/base/files/disk-files.ts';
import { isPathInside } from '../../../core/base/files/read-file.ts';
import type { ConfigKind } from '../../../core/config/config-kind.ts';
import type { ConfigProblem } from '../../../core/config/config-problem.ts';
import type { CheckedPrompt } from '../../../core/language/diagnostics/check-workspace.ts';
import { MODEL_CONFIG } from '../../../core/models/config-kinds.ts';

/** The kind of a configuration file; undefined for any other file. */
export function configKindOf(file: string): ConfigKind | undefined {
  const name = file.split(path.sep).join('/');
  return MODEL_CONFIG.find((kind) => name.endsWith(`/${kind.path}`));
}

/**
 * The configuration files of the workspace, if they were requested: by name, or by a folder that contains them or is in
 * the workspace. Of the latter, only files with problems are returned.
 */
export async function checkConfigFiles(root: string, requested: readonly string[]): Promise<CheckedPrompt[]> {
  const isAsked = (file: string) =>
    requested.some((one) => isPathInside(one, file) || (one === process.cwd() && isPathInside(root, one)));
  const kinds = MODEL_CONFIG.filter((kind) => {
    const file = path.join(root, kind.path);
    return isAsked(file) && existsSync(file);
  });
  const checked = await Promise.all(kinds.map((kind) => checkConfigFile(kind, root)));
  return checked.filter((file) => file.diagnostics.length > 0 || requested.includes(file.path));
}

async function checkConfigFile(kind: ConfigKind, root: string): Promise<CheckedPrompt> {
  const file = path.join(root, kind.path);
  const read = await kind.readText(diskFiles, root);
  const problems: ConfigProblem[] =
    'problem' in read ? [{ message: read.problem, where: file }] : await kind.check(read.text, file);
  const diagnostics = problems.map(({ message, severity = 'error', range = { start: 0, end: 0 } }) => {
    return { code: kind.code, severity, message, range };
  });
  return { path: file, source: 'text' in read ? read.text : '', diagnostics };
}
