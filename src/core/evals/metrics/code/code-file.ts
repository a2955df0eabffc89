import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../../../base/errors.ts';
import type { ParameterValues, ScorerContext } from '../metric.ts';

/** Absolute path of the file of a metric. */
export function codeFile({ file }: ParameterValues, { folder }: Pick<ScorerContext, 'folder'>): string {
  return path.resolve(folder, String(file));
}

/** Changes with the file; what it imports is not looked at. Throws UserError `unreadable-file`. */
export async function hashCodeFile(parameters: ParameterValues, context: ScorerContext): Promise<string> {
  try {
    return hash('sha256', await readFile(codeFile(parameters, context)), 'hex');
  } catch (cause) {
    throw unreadableCode(parameters, context, cause);
  }
}

export function unreadableCode(parameters: ParameterValues, context: ScorerContext, cause: unknown): UserError {
  const { code = 'unknown reason' } = cause as NodeJS.ErrnoException;
  return new UserError(`The file ${String(parameters.file)} of a metric could not be read (${code}).`, {
    code: 'unreadable-file',
    hint: `Check the path. It is relative to the evaluation, so it means ${codeFile(parameters, context)}.`,
    cause,
  });
}
