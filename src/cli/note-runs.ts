import { toErrorInfo } from '../core/base/errors.ts';
import type { Workbench } from '../core/workbench.ts';
import type { Notices } from './output/notices.ts';

/**
 * Notes in git what runs of committed contents showed, as the editor does, so that a push brings it to others. Runs of a
 * text that is not committed wait in the database. That it cannot be noted is no failure of a run.
 */
export async function noteRuns(workbench: Workbench, file: string, notices: Notices): Promise<void> {
  try {
    const { versions } = workbench;
    if ((await versions.state()).kind === 'ready') await versions.results.note(file);
  } catch (error) {
    const { message, hint } = toErrorInfo(error);
    notices.report(['The results could not be noted in git.', message, hint].filter(Boolean).join(' '));
  }
}
