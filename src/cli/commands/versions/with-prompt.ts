import type { ResolvedVersion } from '../../../core/versions/names/resolve-version.ts';
import type { Versions } from '../../../core/versions/versions.ts';
import type { Workbench } from '../../../core/workbench.ts';
import type { CommandContext } from '../../context.ts';
import { findRoot } from '../../find-root.ts';
import { findPrompt, readTarget } from '../../prompt-target.ts';
import { withWorkbench } from '../../with-workbench.ts';

export interface OpenVersions extends CommandContext {
  workbench: Workbench;
  versions: Versions;
}

export interface OpenPrompt extends OpenVersions {
  /** Absolute path in the work tree. */
  file: string;
  /** The version that was named; undefined for the working file. */
  version: ResolvedVersion | undefined;
}

/** Opens the repository around the folder where the command runs, and closes it again. */
export function withVersions<T>(
  context: CommandContext,
  use: (open: OpenVersions) => Promise<T>,
  folder = findRoot(process.cwd()) ?? process.cwd(),
): Promise<T> {
  return withWorkbench(context, { folder, record: true }, (workbench) =>
    use({ ...context, workbench, versions: workbench.versions }),
  );
}

/** Opens the repository of the prompt that is named, as a file or by name, with a version or without. */
export async function withPrompt<T>(
  written: string,
  context: CommandContext,
  use: (open: OpenPrompt) => Promise<T>,
): Promise<T> {
  const target = readTarget(written);
  return withVersions(
    context,
    async (open) => use({ ...open, ...(await findPrompt(target, open.versions)) }),
    target.folder ?? process.cwd(),
  );
}
