import { toErrorInfo } from '../core/base/errors.ts';
import type { Log } from '../core/base/ports.ts';
import type { Workbench } from '../core/workbench.ts';

/**
 * Notes in git what runs of committed contents showed, as the editor does, so that a push brings it to others. Runs of a
 * text that is not committed wait in the database. That it cannot be noted is no failure of a run.
 */
export async function noteRuns(workbench: Workbench, file: string, log: Log): Promise<void> {
  try {
    const versions = await workbench.versions();
    if ((await versions.state()).kind === 'ready') await versions.noteResults(file);
  } catch (error) {
    log.warn(`Results could not be noted in git. ${toErrorInfo(error).message}`);
  }
}
