import * as vscode from 'vscode';
import { registerLazyCommands } from '../../shell/run-command.ts';
import type { WalkthroughSteps } from '../../shell/walkthrough-steps.ts';
import { registerEvaluationLenses } from '../evaluation-lenses.ts';
import type { FollowDeps } from '../start-evaluation.ts';
import { registerEvaluationTests } from '../tests/register-evaluation-tests.ts';
import { registerEvaluationsView } from '../view/evaluations-view.ts';
import { EvaluationWatch } from '../watch-evaluation.ts';

interface Deps extends FollowDeps {
  steps: WalkthroughSteps;
  /** The view reads nothing before this. */
  after(): Promise<void>;
}

/** The Evaluations view, the commands of evaluations, and the CodeLens of their files. */
export function registerEvaluations(deps: Deps): vscode.Disposable {
  const watch = new EvaluationWatch(deps);
  const view = registerEvaluationsView({ ...deps, watched: watch });
  return vscode.Disposable.from(
    watch,
    view,
    registerEvaluationLenses(deps),
    registerEvaluationTests(deps),
    registerLazyCommands('evaluations', deps.log, async () =>
      (await import('./evaluation-commands.ts')).createEvaluationCommands({ ...deps, view, watch }),
    ),
  );
}
