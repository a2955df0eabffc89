import { toErrorInfo } from '../core/base/errors.ts';
import { findWorkTree } from '../core/versions/git/find-work-tree.ts';
import type { Workbench } from '../core/workbench.ts';
import type { CommandContext } from './context.ts';

interface Noted {
  /** The workspace's folder. */
  folder: string | undefined;
  /** Prompts with new results. */
  files: readonly string[];
}

/** Adds results of committed prompts to git notes, as the editor does. A failure is reported and does not fail the command. */
export async function noteResults(
  { versions }: Pick<Workbench, 'versions'>,
  { folder, files }: Noted,
  { env, notices }: Pick<CommandContext, 'env' | 'notices'>,
): Promise<void> {
  if (files.length === 0 || folder === undefined) return;
  const failed = await noteIn(versions, { folder, files }, env).catch((error: unknown) => error);
  if (failed === undefined) return;
  const { message, hint } = toErrorInfo(failed);
  notices.report(['The results could not be added to git notes.', message, hint].filter(Boolean).join(' '));
}

async function noteIn(
  versions: Workbench['versions'],
  { folder, files }: { folder: string; files: readonly string[] },
  env: CommandContext['env'],
): Promise<unknown> {
  // without a repository, the code for versions need not be loaded
  const { kind } = await findWorkTree(folder, env);
  if (kind === 'none') return undefined;
  const noted = await versions.results.noteRuns({ files: [...files] });
  return noted?.failures[0]?.error;
}
