import { existsSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../../../core/base/errors.ts';
import type { Workbench } from '../../../core/workbench.ts';
import type { CommandContext } from '../../context.ts';
import { findRoot } from '../../find-root.ts';
import { withWorkbench } from '../../with-workbench.ts';

/**
 * Opens the stored results of a workspace, which is that of the current folder unless set. Throws UserError if they are there
 * but cannot be read, as on a drive that is full: that is not to have none.
 */
export function withResults<T>(
  context: CommandContext,
  use: (workbench: Workbench) => Promise<T>,
  folder = findRoot(process.cwd()),
): Promise<T> {
  return withWorkbench(context, { folder, record: true }, async (workbench) => {
    const database = folder === undefined ? undefined : path.join(folder, '.llmops', 'llmops.db');
    if (database !== undefined && existsSync(database)) {
      const { mode } = await workbench.store.status();
      if (mode === 'memory') {
        const hint = 'Make the folder of the workspace writable, which the database needs also for reading.';
        throw new UserError(`The stored results in ${database} cannot be read.`, { code: 'store', hint });
      }
    }
    return use(workbench);
  });
}
