import path from 'node:path';
import { mapConcurrent } from '../../core/base/map-concurrent.ts';
import type { Repository, RepositoryState } from '../../core/versions/git/repository-state.ts';
import { meanUsd, schemaShare } from '../../core/versions/results/result-figures.ts';
import type { Versions } from '../../core/versions/versions.ts';
import {
  type FileChange,
  isPartial,
  type PromptEntry,
  type PromptSort,
  type PromptStatus,
  UNKNOWN_STATUS,
} from './prompt-tree.ts';

/** The git status of the prompts in one workspace folder. */
export interface FolderStatus {
  state: RepositoryState;
  byFile: Map<string, PromptStatus>;
  /** Prompts that are in HEAD but no longer in the folder. */
  deleted: string[];
}

interface StatusRequest {
  /** May be a promise, so that git runs while the folder is still being searched. */
  entries: readonly PromptEntry[] | Promise<readonly PromptEntry[]>;
  sort: PromptSort;
  /** Prompts that call a partial, by absolute path. Only used if a partial changed. */
  dependents(partial: string): readonly string[] | Promise<readonly string[]>;
  signal: AbortSignal;
}

/** How many prompts are read concurrently, if git has to be asked about each. */
const CONCURRENCY = 4;

/**
 * Reads the status with three git requests for the whole folder, however many prompts it has. Some sort orders need
 * more.
 */
export async function readFolderStatus(versions: Versions, request: StatusRequest): Promise<FolderStatus> {
  const state = await versions.state(request.signal);
  if (state.kind !== 'ready') return { state, byFile: new Map(), deleted: [] };
  const [changed, labels, tags, entries] = await Promise.all([
    versions.saves.changedFiles(request.signal),
    versions.labels.list(request.signal),
    versions.saves.tags(request.signal),
    request.entries,
  ]);
  const known = relate(state.repository, entries);
  const changes = await spreadChanges(changed, request, known);
  const names = await nameEntries(versions, entries, {
    nameOfFile: (entry) => known.pathOf(entry).replace(/\.prompt$/, ''),
    wanted: new Set([...labels.map(({ prompt }) => prompt), ...tags.keys()]),
  });
  const byFile = new Map<string, PromptStatus>();
  for (const entry of entries) {
    const name = names.get(entry.file);
    const path = known.pathOf(entry);
    const own = labels.filter((label) => label.prompt === name || label.path === path);
    byFile.set(entry.file, {
      ...UNKNOWN_STATUS,
      change: changes.get(entry.file),
      labels: [...new Set(own.map(({ label }) => label))].sort(),
      newest: name === undefined ? undefined : tags.get(name)?.at(-1)?.number,
    });
  }
  await addOrder(versions, byFile, { ...request, entries });
  const deleted = [...changed].flatMap(([file, kind]) => (kind === 'deleted' ? [known.workspacePath(file)] : []));
  return { state, byFile, deleted };
}

interface Relation {
  /** Path within the repository, with `/`. */
  pathOf(entry: PromptEntry): string;
  /** The path of git, relative to the folder as the workspace names it. */
  workspacePath(file: string): string;
}

function relate({ root, folderPath }: Repository, entries: readonly PromptEntry[]): Relation {
  const real = path.join(root, folderPath).replace(/[\\/]$/, '');
  const folder = entries[0]?.root ?? real;
  return {
    pathOf: ({ relative }) => `${folderPath}${relative}`,
    workspacePath: (file) => (real === folder || !file.startsWith(real) ? file : folder + file.slice(real.length)),
  };
}

/** A change of a partial counts as a change of every prompt that uses it. */
async function spreadChanges(
  changed: Map<string, FileChange>,
  { dependents }: StatusRequest,
  known: Relation,
): Promise<Map<string, FileChange>> {
  const spread = new Map<string, FileChange>();
  for (const [file, kind] of changed) {
    const own = known.workspacePath(file);
    const callers = isPartial(own) ? await dependents(own) : [];
    for (const caller of callers) if (!spread.has(caller)) spread.set(caller, 'changed');
    spread.set(own, kind);
  }
  return spread;
}

/** Most prompts are named by their path. Other files are only read if a label or a tag has another name. */
async function nameEntries(
  versions: Versions,
  entries: readonly PromptEntry[],
  { nameOfFile, wanted }: { nameOfFile(entry: PromptEntry): string; wanted: Set<string> },
): Promise<Map<string, string>> {
  const names = new Map(entries.map((entry) => [entry.file, nameOfFile(entry)]));
  const missing = new Set(wanted);
  for (const name of names.values()) missing.delete(name);
  if (missing.size === 0) return names;
  const open = entries.filter(({ file }) => !wanted.has(names.get(file) ?? ''));
  await mapConcurrent(open, CONCURRENCY, async ({ file }) => {
    // duplicate names are reported when one of the prompts is saved or labelled
    const name = await versions.names.nameOf(file).catch(() => undefined);
    if (name !== undefined) names.set(file, name);
  });
  return names;
}

async function addOrder(
  versions: Versions,
  byFile: Map<string, PromptStatus>,
  { sort, signal, entries }: StatusRequest & { entries: readonly PromptEntry[] },
): Promise<void> {
  if (sort === 'name') return;
  await mapConcurrent(entries, CONCURRENCY, async ({ file }) => {
    signal.throwIfAborted();
    const status = byFile.get(file);
    if (!status) return;
    // a prompt that cannot be read is sorted with the unknown ones
    await (sort === 'changed' ? addChange(versions, file, status) : addResults(versions, file, status)).catch(() => {});
  });
}

async function addChange(versions: Versions, file: string, status: PromptStatus): Promise<void> {
  const { versions: newest } = await versions.history.list(file, { limit: 1 });
  status.changedAt = newest[0]?.committedAt;
}

async function addResults(versions: Versions, file: string, status: PromptStatus): Promise<void> {
  const { contentHash } = await versions.saves.workingState(file);
  const results = (await versions.results.read([contentHash])).get(contentHash);
  status.costUsd = meanUsd(results);
  status.isSimulated = results !== undefined && results.summary.demo >= results.summary.done;
  status.quality = schemaShare(results);
}
