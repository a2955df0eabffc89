import { toErrorInfo } from '../../base/errors.ts';
import type { NameProblem } from './check-names.ts';

/** Why a prompt or a version was not found: only what a run would refuse too, not what keeps git from answering now. */
export function nameProblemOf(error: unknown): NameProblem | undefined {
  const { code, message, hint } = toErrorInfo(error);
  const text = hint === undefined ? message : `${message} ${hint}`;
  if (code === 'usage') return { code: 'unknown-prompt', message: text };
  return code === 'unknown-version' || code === 'not-in-version'
    ? { code: 'unknown-version', message: text }
    : undefined;
}
