import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as vscode from 'vscode';
import { isAbortError } from '../../core/base/errors.ts';
import type { RepositoryState } from '../../core/versions/git/repository-state.ts';
import { CONTEXT_KEYS, VIEWS } from '../host/contributions.ts';
import { errorRow } from '../shell/paged-tree.ts';
import { sortFigure } from './describe-version.ts';
import { type FolderStatus, readFolderStatus } from './folder-status.ts';
import { type Evaluations, readEvaluations } from './prompt-evaluations.ts';
import { findPromptFiles, type PromptsViewDeps } from './prompt-files.ts';
import {
  foldPrompts,
  isPartial,
  matchesFilter,
  type PromptBranch,
  type PromptEntry,
  type PromptFilter,
  type PromptSort,
  type PromptStatus,
  sortPrompts,
  UNKNOWN_STATUS,
} from './prompt-tree.ts';
import type { PromptsNode } from './prompts-node.ts';
import { repositoryNotes } from './repository-notes.ts';

interface ListDeps extends PromptsViewDeps {
  /** The search for files, which has already started. */
  files: Thenable<vscode.Uri[]>;
  /** Resolves when VS Code has the first rows. */
  afterRows(): Promise<void>;
  /** The git status is available: rows may have changed, or been added or removed. */
  onStatus(): void;
}

/** The git status of a folder, or the error of reading it. */
type Answer = FolderStatus | { error: unknown };

/** The prompts of the window's folders, and their git status as far as it is known. */
export class PromptList implements vscode.Disposable {
  readonly #deps: ListDeps;
  #answers = new Map<string, Answer>();
  #evaluations: Evaluations = new Map();
  /** The request for `answers`. A new request cancels the previous one. */
  #current: { sort: PromptSort; control: AbortController } | undefined;
  /** The filter and order of the last request for rows. */
  #shown: { filter: PromptFilter; sort: PromptSort } = { filter: {}, sort: 'name' };
  #files: ReadonlySet<string> = new Set();
  /** The search for files needs a process. It is not repeated after a commit. */
  #found: Promise<PromptEntry[]> | undefined;

  constructor(deps: ListDeps) {
    this.#deps = deps;
    this.#found = toEntries(deps.files);
  }

  nodesOf(branches: readonly PromptBranch[]): PromptsNode[] {
    return branches.map((branch): PromptsNode => {
      if (branch.kind === 'folder') return branch;
      const status = this.#statusOf(branch.entry);
      return { ...branch, status, ...sortedBy(this.#shown.sort, branch.entry, status) };
    });
  }

  /** Whether the file existed when the folders were last searched. */
  has(file: string): boolean {
    return this.#files.has(file);
  }

  async roots(filter: PromptFilter, sort: PromptSort): Promise<PromptsNode[]> {
    this.#found ??= toEntries(findPromptFiles());
    this.#ask(this.#found, sort);
    const entries = await this.#found;
    this.#files = new Set(entries.map(({ file }) => file));
    const all = [...entries, ...deletedEntries(this.#answers)];
    const matching = all.filter((entry) => matchesFilter(entry, this.#statusOf(entry), filter));
    this.#shown = { filter, sort };
    const branches: PromptBranch[] =
      sort === 'name'
        ? foldPrompts(matching)
        : sortPrompts(matching, (entry) => this.#statusOf(entry), sort).map((entry) => ({ kind: 'prompt', entry }));
    // an empty view shows its welcome text, which has the same message and a button
    return matching.length > 0 ? [...notesOf(this.#answers), ...this.nodesOf(branches)] : [];
  }

  labels(): string[] {
    const known = [...this.#answers.values()].flatMap((found) => ('byFile' in found ? [...found.byFile.values()] : []));
    return [...new Set(known.flatMap(({ labels }) => labels))].sort();
  }

  /** The root of the repository that contains a file; undefined if not known yet. */
  repositoryRoot(file: string): string | undefined {
    const root = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file))?.uri.fsPath;
    const known = root === undefined ? undefined : this.#answers.get(root);
    return known && 'state' in known && known.state.kind === 'ready' ? known.state.repository.root : undefined;
  }

  /** The next `roots` reads the git status again; with `files`, it also searches the folders again. */
  invalidate({ files }: { files: boolean } = { files: true }): void {
    if (files) this.#found = undefined;
    this.#current?.control.abort();
    this.#current = undefined;
  }

  /** Reads the git status again, without a request for rows. */
  askAgain(): void {
    if (this.#found) this.#ask(this.#found, this.#shown.sort);
    else this.#deps.onStatus();
  }

  dispose(): void {
    this.#current?.control.abort();
  }

  #statusOf(entry: PromptEntry): PromptStatus {
    const known = this.#answers.get(entry.root);
    const status = (known && 'byFile' in known && known.byFile.get(entry.file)) || UNKNOWN_STATUS;
    const evaluations = this.#evaluations.get(entry.file);
    return evaluations ? { ...status, evaluations } : status;
  }

  /** Scores are added to rows that are there already: they need the database. */
  async #readEvaluations(entries: readonly PromptEntry[], signal: AbortSignal): Promise<void> {
    const next = await readEvaluations(this.#deps, entries, signal);
    if (signal.aborted || isDeepStrictEqual(next, this.#evaluations)) return;
    this.#evaluations = next;
    this.#deps.onStatus();
  }

  #ask(entries: Promise<PromptEntry[]>, sort: PromptSort): void {
    if (this.#current?.sort === sort || !vscode.workspace.workspaceFolders?.length) return;
    this.#current?.control.abort();
    const control = new AbortController();
    this.#current = { sort, control };
    const { signal } = control;
    const reading = readAll(this.#deps, entries, { sort, signal }).then(async (next) => {
      if (signal.aborted) return;
      this.#answers = next;
      this.#deps.onStatus();
      await this.#readEvaluations(await entries, signal);
    });
    void vscode.window.withProgress({ location: { viewId: VIEWS.prompts } }, () => reading.catch(() => undefined));
  }
}

/** In a list without folders, each prompt shows its folder, and the figure that determines its place. */
function sortedBy(sort: PromptSort, { relative }: PromptEntry, status: PromptStatus) {
  if (sort === 'name') return { figure: undefined, extra: undefined };
  const folder = path.posix.dirname(relative);
  return { figure: sortFigure(status, sort, Date.now()), extra: folder === '.' ? undefined : folder };
}

async function toEntries(files: Thenable<vscode.Uri[]>): Promise<PromptEntry[]> {
  return (await files).flatMap((uri) => {
    const entry = toEntry(uri);
    return entry && !isPartial(entry.relative) ? [entry] : [];
  });
}

function toEntry(uri: vscode.Uri): PromptEntry | undefined {
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  if (!folder) return undefined;
  const root = folder.uri.fsPath;
  const relative = path.relative(root, uri.fsPath).split(path.sep).join('/');
  return { file: uri.fsPath, folder: folder.name, root, relative };
}

function deletedEntries(answers: Map<string, Answer>): PromptEntry[] {
  return [...answers.values()].flatMap((known) => {
    if (!('deleted' in known)) return [];
    return known.deleted.flatMap((file) => {
      const entry = file.endsWith('.prompt') ? toEntry(vscode.Uri.file(file)) : undefined;
      if (!entry || isPartial(entry.relative)) return [];
      known.byFile.set(file, { ...UNKNOWN_STATUS, change: 'deleted' });
      return [entry];
    });
  });
}

/** Reads each workspace folder. A folder that fails shows its error in a row. */
async function readAll(
  { workbenches, workspace, watch, log, afterRows }: ListDeps,
  entries: Promise<PromptEntry[]>,
  { sort, signal }: { sort: PromptSort; signal: AbortSignal },
): Promise<Map<string, Answer>> {
  await afterRows();
  const answers = (vscode.workspace.workspaceFolders ?? []).map(async ({ uri }): Promise<[string, Answer]> => {
    const root = uri.fsPath;
    try {
      const { versions } = await workbenches.for(uri);
      const found = await readFolderStatus(versions, {
        entries: entries.then((all) => all.filter((entry) => entry.root === root)),
        sort,
        dependents: async (partial) =>
          vscode.workspace.isTrusted ? (await workspace.index()).dependents(partial) : [],
        signal,
      });
      watch.follow(uri, found.state);
      return [root, found];
    } catch (error) {
      if (!isAbortError(error)) log.error(`Could not read the versions of ${root}`, error);
      return [root, { error }];
    }
  });
  const found = new Map(await Promise.all(answers));
  if (!signal.aborted) setRepositoryKey(found);
  return found;
}

/** For welcome texts: `ready` if one of the folders has versions, or else the reason for the first one. */
function setRepositoryKey(answers: Map<string, Answer>): void {
  const states = [...answers.values()].flatMap((found): RepositoryState[] => ('state' in found ? [found.state] : []));
  const shownState = states.find(({ kind }) => kind === 'ready') ?? states[0];
  void vscode.commands.executeCommand('setContext', CONTEXT_KEYS.repository, shownState?.kind);
}

function notesOf(answers: Map<string, Answer>): PromptsNode[] {
  return [...answers].flatMap(([root, found]): PromptsNode[] => {
    const several = (vscode.workspace.workspaceFolders?.length ?? 0) > 1;
    if ('state' in found)
      return repositoryNotes({ root, name: several ? path.basename(root) : undefined }, found.state);
    if (isAbortError(found.error)) return [];
    return [errorRow(root, found.error)];
  });
}
