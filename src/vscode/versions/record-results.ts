import * as vscode from 'vscode';
import { Debounce } from '../../core/base/debounce.ts';
import type { Log } from '../../core/base/ports.ts';
import type { RepositoryWatch } from '../host/repository-watch.ts';
import { readSetting } from '../host/settings.ts';
import type { Workbenches } from '../host/workbenches.ts';

/** Runs come in bursts. Their results are recorded once they are over. */
const PAUSE_MS = 3000;

/** Records the results of runs and evaluations in git notes as they arrive. */
export function recordResults({
  workbenches,
  watch,
  log,
}: {
  workbenches: Workbenches;
  watch: RepositoryWatch;
  log: Log;
}): vscode.Disposable {
  const debounce = new Debounce((error) => log.warn(`Could not record results in git: ${String(error)}`));
  const start = Date.now();
  /** When the runs of each folder were last read. */
  const since = new Map<string, number>();

  const noteFolder = async ({ uri }: vscode.WorkspaceFolder): Promise<number> => {
    if (!(await workbenches.hasHistory(uri))) return 0;
    const began = Date.now();
    const { versions } = await workbenches.for(uri);
    const noted = await versions.results.noteRuns({
      since: since.get(uri.toString()) ?? start,
      accepts: (file) => readSetting('versions.recordResults', vscode.Uri.file(file)),
    });
    if (!noted) return 0;
    for (const { file, error } of noted.failures) {
      log.warn(`Could not record the results of ${file} in git: ${String(error)}`);
    }
    since.set(uri.toString(), began);
    return noted.count;
  };

  /** Records every folder, because the active folder may have changed since the runs. */
  const note = async () => {
    if (!vscode.workspace.isTrusted) return;
    let written = 0;
    for (const folder of vscode.workspace.workspaceFolders ?? []) written += await noteFolder(folder);
    if (written > 0) watch.fire();
  };

  return vscode.Disposable.from(
    debounce,
    workbenches.onRunsChanged(() => debounce.schedule(note, PAUSE_MS)),
    workbenches.onEvaluationsChanged(() => debounce.schedule(note, PAUSE_MS)),
  );
}
