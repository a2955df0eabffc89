import { toErrorInfo } from '../core/base/errors.ts';
import type { Workbench } from '../core/workbench.ts';
import type { Notices } from './output/notices.ts';

/** Notes a prompt's results in git, as the editor does. That they cannot be noted is no failure of a run. */
export async function noteRuns(workbench: Workbench, file: string, notices: Notices): Promise<void> {
  const failed = await workbench.versions.results.noteRuns({ files: [file] }).then(
    (noted) => noted?.failures[0]?.error,
    (error: unknown) => error,
  );
  if (failed === undefined) return;
  const { message, hint } = toErrorInfo(failed);
  notices.report(['The results could not be noted in git.', message, hint].filter(Boolean).join(' '));
}
