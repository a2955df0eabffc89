import { isOnTop } from '../shared/form/form-state.ts';
import type { CompareContext } from './context.ts';
import { runBlockedReason } from './run-blocked.ts';

/**
 * Runs all columns. A form above them collapses immediately to make room for the answers, because the layout must not
 * change while tokens arrive. If an input is rejected, the form is shown again.
 */
export async function startRun({ session, form, call }: CompareContext): Promise<void> {
  const state = session.state.get();
  if (!state || runBlockedReason(state) !== undefined) return;
  const fold = (byRun: boolean) => form.update((state) => ({ ...state, byRun }));
  // The latest input may fix the known problems. Then the host decides.
  const isReady = state.inputProblems.length === 0;
  if (isReady && isOnTop()) fold(true);
  const answer = await call('run.start', {});
  if (answer && !isReady && isOnTop()) fold(true);
  if (!answer && session.failure.get()?.code === 'invalid-input') fold(false);
}
