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
  /** The specified version; undefined for the working file. */
  version: ResolvedVersion | undefined;
}

/** Opens the repository of the current folder, and closes it afterwards. */
export function withVersions<T>(
  context: CommandContext,
  use: (open: OpenVersions) => Promise<T>,
  folder = findRoot(process.cwd()) ?? process.cwd(),
): Promise<T> {
  return withWorkbench(context, { folder, record: true }, (workbench) =>
    use({ ...context, workbench, versions: workbench.versions }),
  );
}

/** Opens the repository of a prompt, which is a file or a name, with or without a version. */
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
