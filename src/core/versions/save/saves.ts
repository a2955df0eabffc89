import type { RepositoryContext } from '../context.ts';
import { describeChange } from '../describe/describe-change.ts';
import type { RepositoryHandle } from '../git/repository-handle.ts';
import { absolutePath, ownPath } from '../git/repository-path.ts';
import { findRename } from '../names/find-rename.ts';
import { promptNameOf } from '../names/prompt-names.ts';
import { readSavedTags, type SavedTag } from '../refs/saved-tags.ts';
import { contentAt, type EffectiveContent, workingContent } from '../results/effective-content.ts';
import { type SavedVersion, type SaveOptions, saveVersion } from './save-version.ts';
import { readFolderStatus } from './status.ts';
import { readWorkingState, type WorkingState } from './working-state.ts';

/** Changes that are not a version yet, and saving them. */
export interface Saves {
  save(file: string, options: SaveOptions): Promise<SavedVersion>;
  /** A first line for the commit, from what changed ("Lower the temperature of churn-analysis to 0.2"). */
  proposeMessage(file: string, signal?: AbortSignal): Promise<string>;
  workingState(file: string, text?: string, signal?: AbortSignal): Promise<WorkingState>;
  /** The file as it is now, or the given text, with the work tree's partials: the current side of a comparison. */
  workingContent(file: string, text?: string, signal?: AbortSignal): Promise<EffectiveContent>;
  /** For many files at once, by one `git status`: absolute paths of prompts and partials that differ from HEAD. */
  changedFiles(signal?: AbortSignal): Promise<Map<string, 'changed' | 'untracked' | 'conflicted' | 'deleted'>>;
  /** Numbered versions of every prompt, by its name. */
  tags(signal?: AbortSignal): Promise<Map<string, SavedTag[]>>;
}

export function createSaves({ open, reopen }: RepositoryHandle): Saves {
  return {
    save: async (file, options) => saveVersion(await reopen(options.signal), file, options),
    async proposeMessage(file, signal) {
      const context = await open(signal);
      return proposeMessage(context, await ownPath(context, file), signal);
    },
    async workingState(file, text, signal) {
      const context = await open(signal);
      return readWorkingState(context, await ownPath(context, file), { text, signal });
    },
    async workingContent(file, text, signal) {
      const context = await open(signal);
      return workingContent(context, await ownPath(context, file), { text });
    },
    async changedFiles(signal) {
      const context = await open(signal);
      const status = await readFolderStatus(context, signal);
      return new Map([...status].map(([path, { kind }]) => [absolutePath(context, path), kind]));
    },
    tags: async (signal) => readSavedTags(await open(signal), signal),
  };
}

/** Where many tools cut a commit's first line. */
const LONGEST = 72;

/** A first line for the commit, from the changes since HEAD: `churn-analysis: temperature 0.2 → 0.7`. */
async function proposeMessage(context: RepositoryContext, path: string, signal?: AbortSignal): Promise<string> {
  const { head } = context.repository;
  const now = await workingContent(context, path);
  const name = lastPart(promptNameOf(now.source, path));
  const here = head === undefined ? undefined : await contentAt(context, head, path);
  const old = here || head === undefined ? undefined : await findRename(context, path, signal);
  const before = old !== undefined && head !== undefined ? await contentAt(context, head, old) : here;
  if (!before) return fit(`Add ${name}`);
  const former = lastPart(promptNameOf(before.source, old ?? path));
  if (former !== name) return fit(`Rename ${former} to ${name}`);
  const changes = describeChange(before, now).map(({ text }) => text.replaceAll('`', ''));
  if (changes.length > 0) return joined(name, changes);
  return fit(old === undefined ? `Save ${name}` : `Move ${name}`);
}

/** As many changes as fit into the line, the most important first. */
function joined(name: string, changes: readonly string[]): string {
  for (let count = changes.length; count > 1; count -= 1) {
    const left = changes.length - count;
    const line = `${name}: ${changes.slice(0, count).join(', ')}${left > 0 ? ` and ${left} more` : ''}`;
    if (line.length <= LONGEST) return line;
  }
  return fit(`${name}: ${changes[0]}`);
}

function lastPart(name: string): string {
  return name.split('/').at(-1) ?? name;
}

function fit(line: string): string {
  const flat = line.replace(/\s+/g, ' ').trim();
  return flat.length <= LONGEST ? flat : `${flat.slice(0, LONGEST - 1).trimEnd()}…`;
}
