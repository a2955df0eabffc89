import * as vscode from 'vscode';
import type { Log } from '../../core/base/ports.ts';
import { LANGUAGE_ID, stepContextKey, WALKTHROUGH_STEPS, type WalkthroughStep } from '../host/contributions.ts';
import type { Workbenches } from '../host/workbenches.ts';

/** Marks steps of the walkthrough as done. A step is done when it had a result: a cancelled command has none. */
export interface WalkthroughSteps extends vscode.Disposable {
  done(step: WalkthroughStep): void;
}

/** Completed steps are stored for all windows. Context keys only last as long as the window. */
export function createWalkthroughSteps(memento: vscode.Memento): WalkthroughSteps {
  const isDone = (step: WalkthroughStep) => memento.get(stepContextKey(step)) === true;
  const tick = (step: WalkthroughStep) => {
    void vscode.commands.executeCommand('setContext', stepContextKey(step), true);
  };
  for (const step of WALKTHROUGH_STEPS.filter(isDone)) tick(step);
  const done = (step: WalkthroughStep) => {
    if (isDone(step)) return;
    tick(step);
    void memento.update(stepContextKey(step), true);
  };
  const saved = vscode.workspace.onDidSaveTextDocument((document) => {
    if (document.languageId === LANGUAGE_ID && document.getText().trim() !== '') done('create');
  });
  return { done, dispose: () => saved.dispose() };
}

/** The step about running is done with the first answer, not with a run that failed or has only started. */
export function followFirstAnswer({
  workbenches,
  steps,
  log,
}: {
  workbenches: Workbenches;
  steps: WalkthroughSteps;
  log: Log;
}): vscode.Disposable {
  const since = Date.now();
  const look = async () => {
    if (!(await workbenches.hasHistory())) return;
    const { store } = await workbenches.for();
    // older runs do not count
    const [newest] = await store.runs.list({ limit: 1, filter: { state: 'done' } });
    if (!newest || newest.startedAt < since) return;
    steps.done('compare');
    following.dispose();
  };
  const following = workbenches.onRunsChanged(() => {
    look().catch((error: unknown) =>
      log.debug(`Could not check the walkthrough’s step about running: ${String(error)}`),
    );
  });
  return following;
}
