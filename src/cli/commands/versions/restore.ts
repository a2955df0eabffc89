import { constants, existsSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { toErrorInfo, UserError } from '../../../core/base/errors.ts';
import { replaceFile } from '../../../core/base/files/create-file.ts';
import type { WorkingState } from '../../../core/versions/save/working-state.ts';
import { EXIT } from '../../exit-codes.ts';
import { formatJson } from '../../output/terminal.ts';
import { type OpenPrompt, type VersionsHost, withPrompt } from './open-versions.ts';

export interface RestoreOptions {
  force?: boolean;
  json?: boolean;
}

/** `llmops versions restore`: writes a version's text into the working file; nothing is checked out. */
export function restoreVersion(written: string, { force, json }: RestoreOptions, host: VersionsHost): Promise<number> {
  return withPrompt(written, host, async (open) => {
    const { versions, file, version, terminal } = open;
    if (!version) {
      throw new UserError(`${written} names no version to restore.`, {
        code: 'usage',
        hint: `Write ${written}@v1, ${written}@production, ${written}@HEAD~1 or the hash of a commit.`,
      });
    }
    const text = await versions.history.restoredText(version.commit, file);
    const backup = await makeRoom(open, await versions.saves.workingState(file), force === true);
    await replaceFile(file, text).catch((cause: unknown) => {
      throw new UserError(`${file} could not be written: ${toErrorInfo(cause).message}.`, {
        code: 'output',
        hint: 'Free some space, or make the folder writable. The file was not changed.',
        cause,
      });
    });
    const shown = path.relative(process.cwd(), file) || file;
    if (json) {
      const facts = { file, version: version.label, commit: version.commit, backup: backup ?? null };
      terminal.out(`${formatJson(facts, 2)}\n`);
    } else {
      terminal.out(terminal.clean(`${shown} is as in ${version.label} (${version.commit.slice(0, 10)}) now.\n`));
      if (backup) terminal.out(terminal.clean(`What it was before is in ${path.relative(process.cwd(), backup)}.\n`));
    }
    await tellPartials(open);
    return EXIT.ok;
  });
}

/** Keeps what no commit has; returns where, if there was anything to keep. */
async function makeRoom({ file }: OpenPrompt, state: WorkingState, force: boolean): Promise<string | undefined> {
  const own = state.kind === 'untracked' || state.kind === 'ignored' || state.changed.includes(state.path);
  if (!own || !existsSync(file)) return undefined;
  if (force) return backUp(file);
  throw new UserError(`${file} has changes that no version has, and restoring would lose them.`, {
    code: 'not-saved',
    hint: 'Save them with llmops versions save, or add --force, which keeps a copy beside the file.',
  });
}

/** A name that is free: a copy never replaces another. */
async function backUp(file: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const copy = `${file}.before-restore-${number}`;
    try {
      await copyFile(file, copy, constants.COPYFILE_EXCL);
      return copy;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** A partial is a file of its own, which other prompts use too: it is left as it is, and that is said. */
async function tellPartials({ versions, file, version, terminal }: OpenPrompt): Promise<void> {
  const now = new Map((await versions.saves.workingContent(file)).partials.map(({ name, text }) => [name, text]));
  const others = version?.content.partials.filter(({ name, text }) => now.get(name) !== text) ?? [];
  for (const { path: partial } of others) {
    terminal.err(`The partial ${partial} was another in this version; it was left as it is.\n`);
  }
}
