import type { CompareState } from './state.ts';

/** Why nothing can run now, as a sentence. Undefined if it can. Inputs are checked by the host. */
export function runBlockedReason(state: CompareState): string | undefined {
  if (state.running) return 'A run is in progress.';
  if (state.columns.length === 0) return 'Add a model first.';
  const runsWorkingCopy = state.columns.some(({ version }) => !version);
  if (runsWorkingCopy && state.prompt.problems.length > 0) return 'The prompt file has errors.';
  return undefined;
}
