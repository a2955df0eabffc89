import type { ResolvedVersion } from '../../../core/versions/names/resolve-version.ts';
import type { Versions } from '../../../core/versions/versions.ts';
import type { Workbench } from '../../../core/workbench.ts';
import type { Terminal } from '../../output/terminal.ts';
import { findPrompt, readTarget } from '../../prompt-target.ts';
import { type CliHost, createCliWorkbench, findRoot } from '../../with-workbench.ts';

export type VersionsHost = CliHost & { terminal: Terminal };

export interface OpenVersions {
  workbench: Workbench;
  versions: Versions;
  terminal: Terminal;
}

export interface OpenPrompt extends OpenVersions {
  /** Absolute path in the work tree. */
  file: string;
  /** The version that was named; undefined for the working file. */
  version: ResolvedVersion | undefined;
}

/** Opens the repository around the folder where the command runs, and closes it again. */
export async function withVersions(
  host: VersionsHost,
  use: (open: OpenVersions) => Promise<number>,
  folder = findRoot(process.cwd()) ?? process.cwd(),
): Promise<number> {
  const workbench = createCliWorkbench(host, { folder, record: true });
  try {
    return await use({ workbench, versions: workbench.versions, terminal: host.terminal });
  } finally {
    await workbench.dispose();
  }
}

/** Opens the repository of the prompt that is named, as a file or by name, with a version or without. */
export async function withPrompt(
  written: string,
  host: VersionsHost,
  use: (open: OpenPrompt) => Promise<number>,
): Promise<number> {
  const target = readTarget(written);
  return withVersions(
    host,
    async (open) => use({ ...open, ...(await findPrompt(target, open.versions)) }),
    target.folder ?? process.cwd(),
  );
}
