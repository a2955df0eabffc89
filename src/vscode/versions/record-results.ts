import * as vscode from 'vscode';
import type { Log } from '../../core/base/ports.ts';
import type { RepositoryWatch } from '../host/repository-watch.ts';
import { readSetting } from '../host/settings.ts';
import type { Workbenches } from '../host/workbenches.ts';

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
  const start = Date.now();
  /** When each folder's runs were looked at last. */
  const since = new Map<string, number>();

  const noteFolder = async ({ uri }: vscode.WorkspaceFolder): Promise<number> => {
    if (!(await workbenches.hasHistory(uri))) return 0;
    const began = Date.now();
    const workbench = await workbenches.for(uri);
    const { versions } = workbench;
    if ((await versions.state()).kind !== 'ready') return 0;
    const contents = await (await workbench.store()).listContents(since.get(uri.toString()) ?? start);
    const files = new Set(contents.flatMap(({ promptPath }) => promptPath ?? []));
    let written = 0;
    for (const file of files) {
      if (!readSetting('versions.recordResults', vscode.Uri.file(file))) continue;
      // one prompt that git has no place for must not keep back the results of the others
      written += await versions.results.note(file).catch((error: unknown) => {
        log.warn(`Results of ${file} could not be noted in git: ${String(error)}`);
        return 0;
      });
    }
    since.set(uri.toString(), began);
    return written;
  };

  /** Every folder: by now another one than that of the runs may be worked in. */
  const note = async () => {
    if (!vscode.workspace.isTrusted) return;
    let written = 0;
    for (const folder of vscode.workspace.workspaceFolders ?? []) written += await noteFolder(folder);
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
