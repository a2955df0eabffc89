import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../../base/errors.ts';
import type { RepositoryContext } from '../context.ts';
import type { PathState } from '../git/path-states.ts';

/** A commit in a stopped rebase would be lost with `git rebase --abort`, and one in a merge would end it. */
export function refuseInProgress({ repository: { operation } }: RepositoryContext): void {
  if (operation === undefined) return;
  throw new UserError(`A ${operation} is in progress in this repository, so nothing can be saved now.`, {
    code: 'operation-under-way',
    hint:
      operation === 'bisect'
        ? 'End it (git bisect reset), then save.'
        : `Finish it (git ${operation} --continue) or abort it (git ${operation} --abort), then save.`,
  });
}

/** git would commit the file on disk, but the editor may have a newer text. */
export async function refuseUnsaved({ ports }: RepositoryContext, files: readonly string[]): Promise<void> {
  for (const file of files) {
    if (!(await ports.files.exists(file))) throw missing(file);
    const onDisk = await readFile(file, 'utf8').catch(() => undefined);
    if (onDisk === undefined) throw missing(file);
    if (onDisk === (await ports.files.readText(file))) continue;
    throw new UserError(`${path.basename(file)} has unsaved changes in the editor.`, {
      code: 'not-saved',
      hint: 'Save the file, then save the version.',
    });
  }
}

function missing(file: string): UserError {
  return new UserError(`${file} does not exist on disk.`, {
    code: 'not-saved',
    hint: 'Save the file, then save the version.',
  });
}

export function refuseConflicts(states: readonly PathState[]): void {
  const conflicted = states.filter((state) => state.conflicted).map((state) => state.path);
  if (conflicted.length === 0) return;
  throw new UserError(`${conflicted.join(', ')} has an unresolved conflict.`, {
    code: 'operation-under-way',
    hint: 'Resolve it in the merge editor and stage the file, then save.',
  });
}

/** Asks before other content that was staged for the same file is replaced. */
export function confirmStaged(states: readonly PathState[]): void {
  const differing = states.filter(({ stagedDifferently }) => stagedDifferently).map((state) => state.path);
  if (differing.length === 0) return;
  throw new UserError(`${differing.join(', ')} is staged with content that differs from the file.`, {
    code: 'staged-differs',
    hint: 'Save the file as it is now and discard its staged content, or stage the rest first.',
  });
}

/** A file that an ignore rule excludes is never added silently. */
export async function refuseIgnored(
  { git }: RepositoryContext,
  states: readonly PathState[],
  signal?: AbortSignal,
): Promise<void> {
  const outside = states.filter(({ index, intentToAdd, onDisk }) => !index && !intentToAdd && onDisk);
  if (outside.length === 0) return;
  const input = outside.map((state) => `./${state.path}\0`).join('');
  // This command has no literal pathspecs; after `./` a colon at the start is not magic either.
  const args = ['--no-literal-pathspecs', 'check-ignore', '--verbose', '-z', '--stdin'];
  const rules = (await git.run(args, { input, signal, okCodes: [0, 1] })).split('\0');
  for (let at = 0; at + 3 < rules.length; at += 4) {
    const [source, line, pattern = '', file] = rules.slice(at, at + 4);
    if (pattern.startsWith('!')) continue;
    throw new UserError(`git ignores ${file?.slice(2)}: ${source}:${line} says ${pattern}.`, {
      code: 'usage',
      hint: `Change that rule, or add the file once with git add --force, then save.`,
    });
  }
}

/** The paths of a version are written into lines of tags and labels. */
export function refuseLineBreaks(paths: readonly string[]): void {
  const broken = paths.find((one) => /[\r\n]/.test(one));
  if (broken === undefined) return;
  throw new UserError(`${JSON.stringify(broken)} has a line break in its name.`, {
    code: 'usage',
    hint: 'Rename it, then save.',
  });
}
