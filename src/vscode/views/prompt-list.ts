import path from 'node:path';
import * as vscode from 'vscode';
import { isAbortError, toErrorInfo } from '../../core/base/errors.ts';
import type { Log } from '../../core/base/ports.ts';
import type { RepositoryState } from '../../core/versions/versions.ts';
import type { RepositoryWatch } from '../adapters/repository-watch.ts';
import type { Workbenches } from '../adapters/workbenches.ts';
import { CONTEXT_KEYS, VIEWS } from '../contributions.ts';
import type { PromptWorkspace } from '../language/prompt-workspace.ts';
import { type FolderFacts, readFolderFacts } from './prompt-facts.ts';
import type { PromptsNode } from './prompt-items.ts';
import {
  foldPrompts,
  isPartial,
  matchesFilter,
  NO_FACTS,
  type PromptBranch,
  type PromptEntry,
  type PromptFacts,
  type PromptFilter,
  type PromptSort,
  sortPrompts,
} from './prompt-tree.ts';
import { repositoryNotes } from './repository-notes.ts';

interface ListDeps {
  workbenches: Workbenches;
  workspace: PromptWorkspace;
  watch: RepositoryWatch;
  log: Log;
  /** Git has answered: rows have more to say. */
  onFacts(): void;
}

/** What git said of a folder, or why it could not be asked. */
type Answer = FolderFacts | { error: unknown };

/** The prompts of the window's folders, and what git says of them as far as it has been asked. */
export interface PromptList extends vscode.Disposable {
  roots(filter: PromptFilter, sort: PromptSort): Promise<PromptsNode[]>;
  nodesOf(branches: readonly PromptBranch[]): PromptsNode[];
  /** The row of a prompt as VS Code knows it. */
  nodeOf(file: string): PromptsNode | undefined;
  labels(): string[];
  /** The root of the repository around a file, as far as git has told; undefined where it has not. */
  repositoryRoot(file: string): string | undefined;
  /** Git is asked again with the next `roots`; with `files`, the folders are read again too. */
  invalidate(what?: { files: boolean }): void;
}

const MOST = 5000;

export function createPromptList(deps: ListDeps): PromptList {
  let facts = new Map<string, Answer>();
  /** What `facts` was asked for; another question ends the one before. */
  let asked: { sort: PromptSort; control: AbortController } | undefined;
  let nodes = new Map<string, PromptsNode>();
  let flat = false;
  /** Looking for files takes a process: a commit makes none. */
  let found: Promise<PromptEntry[]> | undefined;

  const factsOf = (entry: PromptEntry): PromptFacts => {
    const known = facts.get(entry.root);
    return (known && 'byFile' in known && known.byFile.get(entry.file)) || NO_FACTS;
  };

  const nodesOf = (branches: readonly PromptBranch[]) =>
    branches.map((branch): PromptsNode => {
      if (branch.kind === 'folder') return branch;
      const folder = flat ? path.posix.dirname(branch.entry.relative) : '.';
      const extra = folder === '.' ? undefined : folder;
      const node: PromptsNode = { ...branch, facts: factsOf(branch.entry), extra };
      nodes.set(branch.entry.file, node);
      return node;
    });

  const ask = (entries: PromptEntry[], sort: PromptSort) => {
    if (asked?.sort === sort) return;
    asked?.control.abort();
    const control = new AbortController();
    asked = { sort, control };
    const reading = readAll(deps, entries, { sort, signal: control.signal }).then((found) => {
      if (control.signal.aborted) return;
      facts = found;
      deps.onFacts();
    });
    void vscode.window.withProgress({ location: { viewId: VIEWS.prompts } }, () => reading.catch(() => undefined));
  };

  return {
    nodesOf,
    nodeOf: (file) => nodes.get(file),
    async roots(filter, sort) {
      found ??= findEntries();
      const entries = await found;
      if (vscode.workspace.workspaceFolders?.length) ask(entries, sort);
      const all = [...entries, ...deletedEntries(facts)];
      const shown = all.filter((entry) => matchesFilter(entry, factsOf(entry), filter));
      nodes = new Map();
      flat = sort !== 'name';
      const branches: PromptBranch[] = flat
        ? sortPrompts(shown, factsOf, sort).map((entry) => ({ kind: 'prompt', entry }))
        : foldPrompts(shown);
      // an empty view shows its welcome text, which says the same with a button
      return shown.length > 0 ? [...notesOf(facts), ...nodesOf(branches)] : [];
    },
    labels: () => {
      const known = [...facts.values()].flatMap((found) => ('byFile' in found ? [...found.byFile.values()] : []));
      return [...new Set(known.flatMap(({ labels }) => labels))].sort();
    },
    repositoryRoot(file) {
      const root = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file))?.uri.fsPath;
      const known = root === undefined ? undefined : facts.get(root);
      return known && 'state' in known && known.state.kind === 'ready' ? known.state.repository.root : undefined;
    },
    invalidate({ files } = { files: true }) {
      if (files) found = undefined;
      asked?.control.abort();
      asked = undefined;
    },
    dispose: () => asked?.control.abort(),
  };
}

async function findEntries(): Promise<PromptEntry[]> {
  const files = await vscode.workspace.findFiles('**/*.prompt', '**/node_modules/**', MOST);
  return files.flatMap((uri) => {
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

function deletedEntries(facts: Map<string, Answer>): PromptEntry[] {
  return [...facts.values()].flatMap((known) => {
    if (!('deleted' in known)) return [];
    return known.deleted.flatMap((file) => {
      const entry = file.endsWith('.prompt') ? toEntry(vscode.Uri.file(file)) : undefined;
      if (!entry || isPartial(entry.relative)) return [];
      known.byFile.set(file, { ...NO_FACTS, change: 'deleted' });
      return [entry];
    });
  });
}

/** Each workspace folder's own answer; one that fails says so in a row. */
async function readAll(
  { workbenches, workspace, watch, log }: ListDeps,
  entries: PromptEntry[],
  { sort, signal }: { sort: PromptSort; signal: AbortSignal },
): Promise<Map<string, Answer>> {
  const index = vscode.workspace.isTrusted ? await workspace.index() : undefined;
  const answers = (vscode.workspace.workspaceFolders ?? []).map(async ({ uri }): Promise<[string, Answer]> => {
    const root = uri.fsPath;
    try {
      const versions = await (await workbenches.for(uri)).versions();
      const found = await readFolderFacts(versions, {
        entries: entries.filter((entry) => entry.root === root),
        sort,
        dependents: (partial) => index?.dependents(partial) ?? [],
        signal,
      });
      watch.follow(uri, found.state);
      setRepositoryKey(found.state);
      return [root, found];
    } catch (error) {
      if (!isAbortError(error)) log.error(`The versions of ${root} could not be read`, error);
      return [root, { error }];
    }
  });
  return new Map(await Promise.all(answers));
}

/** For welcome texts and menus: `ready`, `none`, `untrusted`, … */
function setRepositoryKey({ kind }: RepositoryState): void {
  void vscode.commands.executeCommand('setContext', CONTEXT_KEYS.repository, kind);
}

function notesOf(facts: Map<string, Answer>): PromptsNode[] {
  return [...facts].flatMap(([root, found]): PromptsNode[] => {
    if ('state' in found) return repositoryNotes(root, found.state);
    if (isAbortError(found.error)) return [];
    const { message, hint } = toErrorInfo(found.error);
    const command = { command: 'llmops.log.show', title: 'Show Log' };
    const text = hint ? `${message} ${hint}` : message;
    return [{ kind: 'message', id: root, text, icon: 'error', color: 'list.errorForeground', command }];
  });
}
