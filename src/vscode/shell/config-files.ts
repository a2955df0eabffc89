import * as vscode from 'vscode';
import { lazy } from '../../core/base/lazy.ts';
import type { Log } from '../../core/base/ports.ts';

/** Loads the checks of configuration files when the first YAML file is opened. */
export function registerConfigFiles({ log, extensionUri }: { log: Log; extensionUri: vscode.Uri }): vscode.Disposable {
  const registered: vscode.Disposable[] = [];
  const load = lazy(async () => {
    const [{ registerConfigChecks }, { MODEL_CONFIG }, { EVAL_CONFIG }] = await Promise.all([
      import('./config-diagnostics.ts'),
      import('../../core/models/config-kinds.ts'),
      import('../../core/evals/config-kinds.ts'),
    ]);
    registered.push(registerConfigChecks({ kinds: [...MODEL_CONFIG, ...EVAL_CONFIG], log, extensionUri }));
  });
  const look = ({ uri }: vscode.TextDocument) => {
    if (!/\.ya?ml$/i.test(uri.path)) return;
    load().catch((error: unknown) => log.error('Could not load the checks of configuration files', error));
  };
  vscode.workspace.textDocuments.forEach(look);
  return vscode.Disposable.from(vscode.workspace.onDidOpenTextDocument(look), {
    dispose: () => vscode.Disposable.from(...registered).dispose(),
  });
}
