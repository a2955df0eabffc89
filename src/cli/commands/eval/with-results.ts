import type { Workbench } from '../../../core/workbench.ts';
import type { CommandContext } from '../../context.ts';
import { findRoot } from '../../find-root.ts';
import { withWorkbench } from '../../with-workbench.ts';

/** Opens the stored results of a workspace, which is that of the current folder unless set. */
export function withResults<T>(
  context: CommandContext,
  use: (workbench: Workbench) => Promise<T>,
  folder = findRoot(process.cwd()),
): Promise<T> {
  return withWorkbench(context, { folder, record: true }, use);
}
