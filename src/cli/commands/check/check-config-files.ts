import { existsSync } from 'node:fs';
import path from 'node:path';
import { diskFiles } from '../../../core/base/files/disk-files.ts';
import { boundsOf, isPathInside } from '../../../core/base/files/read-file.ts';
import { type ConfigKind, isOfKind } from '../../../core/config/config-kind.ts';
import type { ConfigProblem } from '../../../core/config/config-problem.ts';
import { EVAL_CONFIG } from '../../../core/evals/config-kinds.ts';
import type { CheckedPrompt } from '../../../core/language/diagnostics/check-workspace.ts';
import { MODEL_CONFIG } from '../../../core/models/config-kinds.ts';
import { checkEvaluationNames, type KnownNames } from './check-evaluation-names.ts';
import { listFiles } from './list-files.ts';

const KINDS: readonly ConfigKind[] = [...MODEL_CONFIG, ...EVAL_CONFIG];

/** The kind of a configuration file; undefined for any other file. */
export function configKindOf(file: string): ConfigKind | undefined {
  const name = file.split(path.sep).join('/');
  return KINDS.find((kind) => isOfKind(name, kind));
}

/**
 * The configuration files of the workspace, if they were requested: by name, or by a folder that contains them or, for
 * those at a fixed path, is in the workspace. Of those at a fixed path, only files with problems are returned.
 */
export async function checkConfigFiles(
  root: string,
  requested: readonly string[],
  known: KnownNames,
): Promise<CheckedPrompt[]> {
  const isAsked = (file: string) =>
    requested.some((one) => isPathInside(one, file) || (one === process.cwd() && isPathInside(root, one)));
  const fixed = KINDS.map((kind) => path.join(root, kind.path)).filter((file) => isAsked(file) && existsSync(file));
  const inFolders = await Promise.all(
    requested.filter((one) => !configKindOf(one)).map((one) => listFiles(one, isEvaluation)),
  );
  const files = new Set([...fixed, ...inFolders.flat(), ...requested.filter((one) => configKindOf(one))]);
  const checked = await Promise.all([...files].map((file) => checkConfigFile(file, { root, known })));
  return checked.filter(
    (file) => file.diagnostics.length > 0 || !fixed.includes(file.path) || requested.includes(file.path),
  );
}

/** Files at a fixed path are found without a search. */
function isEvaluation(file: string, isFolder: boolean): boolean {
  return !isFolder && EVAL_CONFIG.some((kind) => isOfKind(file, kind));
}

async function checkConfigFile(
  file: string,
  { root, known }: { root: string; known: KnownNames },
): Promise<CheckedPrompt> {
  const kind = configKindOf(file);
  if (!kind) return { path: file, source: '', diagnostics: [] };
  const [folder] = boundsOf(file, root);
  const read = await kind.readText(diskFiles, { file, folder });
  const problems: ConfigProblem[] =
    'problem' in read ? [{ message: read.problem, where: file }] : await kind.check(read.text, file, diskFiles);
  if ('text' in read && EVAL_CONFIG.includes(kind))
    problems.push(...(await checkEvaluationNames(read.text, file, known)));
  const diagnostics = problems.map(
    ({ message, code = kind.code, severity = 'error', range = { start: 0, end: 0 } }) => {
      return { code, severity, message, range };
    },
  );
  return { path: file, source: 'text' in read ? read.text : '', diagnostics };
}
