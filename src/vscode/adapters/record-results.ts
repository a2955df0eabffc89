import * as vscode from 'vscode';
import type { Log } from '../../core/base/ports.ts';
import type { RepositoryWatch } from './repository-watch.ts';
import { readSetting } from './settings.ts';
import type { Workbenches } from './workbenches.ts';

/** Runs come in bursts; what they say of a version is noted once they are over. */
const PAUSE_MS = 3000;

/**
 * Notes in git what runs of committed prompts cost and scored, so that a push brings it to others. Runs of a text that is
 * not committed wait in the database.
 */
export function recordResults({
  workbenches,
  watch,
  log,
}: {
  workbenches: Workbenches;
  watch: RepositoryWatch;
  log: Log;
}): vscode.Disposable {
  let timer: NodeJS.Timeout | undefined;
  let since = Date.now();

  const note = async () => {
    if (!vscode.workspace.isTrusted || !(await workbenches.hasHistory())) return;
    const began = Date.now();
    const workbench = await workbenches.for();
    const versions = await workbench.versions();
    if ((await versions.state()).kind !== 'ready') return;
    const contents = await (await workbench.store()).listContents(since);
    const files = new Set(contents.flatMap(({ promptPath }) => promptPath ?? []));
    let written = 0;
    for (const file of files) {
      if (readSetting('versions.recordResults', vscode.Uri.file(file))) written += await versions.noteResults(file);
    }
    since = began;
    if (written > 0) watch.fire();
  };

  return vscode.Disposable.from(
    workbenches.onRunsChanged(() => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        note().catch((error: unknown) => log.warn(`Results could not be noted in git: ${String(error)}`));
      }, PAUSE_MS);
    }),
    { dispose: () => clearTimeout(timer) },
  );
}
