import { isOnTop } from '../shared/form/form-look.ts';
import type { CompareContext } from './context.ts';
import { runBlocked } from './run-blocked.ts';

/**
 * Runs all columns. A form above them folds at once, to make room for the answers: later, while tokens arrive, nothing
 * of the layout changes. Where an input is refused the form is there again.
 */
export async function startRun({ session, form, call }: CompareContext): Promise<void> {
  const state = session.state.get();
  if (!state || runBlocked(state) !== undefined) return;
  const fold = (byRun: boolean) => form.update((look) => ({ ...look, byRun }));
  // What was typed last may solve the problems that are known here: then the host decides.
  const isReady = state.inputProblems.length === 0;
  if (isReady && isOnTop()) fold(true);
  const answer = await call('run.start', {});
  if (answer && !isReady && isOnTop()) fold(true);
  if (!answer && session.failure.get()?.code === 'invalid-input') fold(false);
}
