import { constants, existsSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { toErrorInfo, UserError } from '../../../core/base/errors.ts';
import { replaceFile } from '../../../core/base/files/create-file.ts';
import type { WorkingState } from '../../../core/versions/save/working-state.ts';
import type { CommandContext } from '../../context.ts';
import type { VersionsValues } from '../versions.ts';
import { type OpenPrompt, withPrompt } from './with-prompt.ts';

/** `llmops versions restore`: writes a version's text to the working file; nothing is checked out. */
export function run({ prompt, force }: VersionsValues['restore'], context: CommandContext): Promise<void> {
  return withPrompt(prompt, context, async (open) => {
    const { versions, file, version } = open;
    if (!version) {
      throw new UserError(`${prompt} does not specify a version to restore.`, {
        code: 'usage',
        hint: `Use ${prompt}@v1, ${prompt}@production, ${prompt}@HEAD~1 or a commit hash after the @.`,
      });
    }
    const { label, commit } = version;
    const text = await versions.history.restoredText(commit, file);
    const backup = await backUpChanges(open, await versions.saves.workingState(file), force);
    await replaceFile(file, text).catch((cause: unknown) => {
      throw new UserError(`${file} could not be written: ${toErrorInfo(cause).message}.`, {
        code: 'output',
        hint: 'Free up some space, or make the folder writable. The file was not changed.',
        cause,
      });
    });
    await open.output.print({
      json: () => ({ file, version: label, commit, backup: backup ?? null }),
      text({ print }) {
        print(`Restored ${path.relative(process.cwd(), file) || file} to ${label} (${commit.slice(0, 10)}).`);
        if (backup) print(`The previous content is in ${path.relative(process.cwd(), backup)}.`);
      },
    });
    await reportPartials(open);
  });
}

/** Backs up changes that are in no commit; returns the path of the copy, if there is one. */
async function backUpChanges({ file }: OpenPrompt, state: WorkingState, force: boolean): Promise<string | undefined> {
  const own = state.kind === 'untracked' || state.kind === 'ignored' || state.changed.includes(state.path);
  if (!own || !existsSync(file)) return undefined;
  if (force) return backUp(file);
  throw new UserError(`${file} has changes that are not in any version; restoring would lose them.`, {
    code: 'not-saved',
    hint: 'Save them with llmops versions save, or add --force, which keeps a copy beside the file.',
  });
}

/** Uses an unused name, so that a copy never replaces another file. */
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

/** Partials are separate files that other prompts use too: they are not changed, which is reported. */
async function reportPartials({ versions, file, version, terminal }: OpenPrompt): Promise<void> {
  const now = new Map((await versions.saves.workingContent(file)).partials.map(({ name, text }) => [name, text]));
  const others = version?.content.partials.filter(({ name, text }) => now.get(name) !== text) ?? [];
  for (const { path: partial } of others) {
    terminal.note(`The partial ${partial} is different in this version; it was not changed.`);
  }
}
