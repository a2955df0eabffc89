import path from 'node:path';
import { diskFiles } from '../../base/files/disk-files.ts';
import type { RepositoryContext } from '../context.ts';
import { type PathState, readPathStates } from '../git/path-states.ts';
import { repositoryPath } from '../git/repository-path.ts';
import { refuseWorkTreeLinks } from '../git/work-tree-link.ts';
import { findRename } from '../names/find-rename.ts';
import { aliasesOf } from '../names/prompt-aliases.ts';
import { listPromptNames, promptNameOf } from '../names/prompt-names.ts';
import { contentAt, type EffectiveContent, workingContent } from '../results/effective-content.ts';
import { confirmStaged, refuseConflicts, refuseIgnored, refuseLineBreaks, refuseUnsaved } from './check-save.ts';
import { refuseName } from './saved-versions.ts';

export interface SavePlan {
  /** Of the prompt, relative to the repository. */
  path: string;
  /** Its name, and its former ones. */
  names: string[];
  /** As in the work tree. */
  content: EffectiveContent;
  /** Files that differ from HEAD; empty if only a tag can be missing. */
  toCommit: PathState[];
}

/** What a save of this prompt would commit; throws if the user must decide or do something first. */
export async function planSave(
  context: RepositoryContext,
  file: string,
  { replaceStaged, signal }: { replaceStaged?: boolean | undefined; signal?: AbortSignal | undefined },
): Promise<SavePlan> {
  const own = repositoryPath(context, file);
  const inTree = (relative: string) => path.join(context.repository.root, relative);
  await refuseWorkTreeLinks(context, [own], 'saved');
  await refuseUnsaved(context, [file]);
  const content = await workingContent(context, own, { files: diskFiles });
  const partials = content.partials.map((partial) => partial.path);
  await refuseWorkTreeLinks(context, partials, 'saved');
  await refuseUnsaved(context, partials.map(inTree));
  const before = await findBefore(context, own, signal);
  const gone = before.partials.filter((one) => !partials.includes(one));
  refuseLineBreaks([own, ...partials]);
  const states = await readPathStates(context, [own, ...before.renamed, ...partials, ...gone], signal);
  const considered = states.filter(({ path: one, onDisk }) => !(gone.includes(one) && onDisk));
  refuseConflicts(considered);
  await refuseIgnored(context, considered, signal);
  const toCommit = considered.filter(({ disk, head, onDisk, index }) => (onDisk && !index) || disk !== head);
  if (!replaceStaged) confirmStaged(toCommit);
  const names = await findNames(context, { path: own, content, before, signal });
  await refuseName(context, names[0] ?? '');
  return { path: own, names, content, toCommit };
}

interface Naming {
  path: string;
  content: EffectiveContent;
  before: Before;
  signal: AbortSignal | undefined;
}

/** The prompt's name, and its former ones; the path that it was just renamed from is not another prompt. */
async function findNames(
  context: RepositoryContext,
  { path: own, content, before, signal }: Naming,
): Promise<string[]> {
  const listed = await listPromptNames(context, signal);
  const present = listed.filter((prompt) => !before.renamed.includes(prompt.path));
  const { name, former } = await aliasesOf(context, own, { text: content.source, present, signal });
  const old = before.names.filter((one) => !present.some((prompt) => prompt.path !== own && prompt.name === one));
  return [...new Set([name, ...former, ...old])];
}

interface Before {
  /** Its name in HEAD. */
  names: string[];
  /** The path that it was renamed from since HEAD, if it was. */
  renamed: string[];
  /** Partials that it used; one that was deleted since belongs to the change. */
  partials: string[];
}

async function findBefore(context: RepositoryContext, own: string, signal?: AbortSignal): Promise<Before> {
  const { head } = context.repository;
  if (head === undefined) return { names: [], renamed: [], partials: [] };
  const here = await contentAt(context, head, own);
  const old = here ? undefined : await findRename(context, own, signal);
  const content = old === undefined ? here : await contentAt(context, head, old);
  if (!content) return { names: [], renamed: [], partials: [] };
  return {
    names: [promptNameOf(content.source, old ?? own)],
    renamed: old === undefined ? [] : [old],
    partials: content.partials.map((partial) => partial.path),
  };
}
