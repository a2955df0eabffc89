import * as vscode from 'vscode';
import { lazy } from '../../../core/base/lazy.ts';
import { isEvaluationFile, watchEvaluationFiles } from '../evaluation-files.ts';
import type { FollowDeps } from '../start-evaluation.ts';

/**
 * Shows evaluations in the Test Explorer. VS Code shows that view once there is a test controller, so there is none in a
 * workspace without evaluations.
 */
export function registerEvaluationTests(deps: FollowDeps & { after(): Promise<void> }): vscode.Disposable {
  const created: vscode.Disposable[] = [];
  const tests = lazy(async () => {
    const { EvaluationTests } = await import('./evaluation-tests.ts');
    const made = new EvaluationTests(deps);
    created.push(made);
    return made;
  });
  const list = async () => {
    const found = await vscode.workspace.findFiles('**/*.eval.yaml', '**/node_modules/**', 1);
    if (found.length > 0 || tests.made()) await (await tests()).list();
  };
  const safely = (work: Promise<void>) => {
    work.catch((error: unknown) => deps.log.error('Could not list evaluations in the Test Explorer', error));
  };
  safely(deps.after().then(list));
  return vscode.Disposable.from(
    watchEvaluationFiles(() => safely(list())),
    vscode.workspace.onDidSaveTextDocument(({ uri }) => {
      if (isEvaluationFile(uri) && tests.made()) safely(tests().then((made) => made.changed(uri)));
    }),
    { dispose: () => vscode.Disposable.from(...created).dispose() },
  );
}
