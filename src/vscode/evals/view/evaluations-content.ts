import path from 'node:path';
import * as vscode from 'vscode';
import { Throttle } from '../../../core/base/throttle.ts';
import type { EvalListed } from '../../../core/store/evals/eval-record.ts';
import type { Store } from '../../../core/store/store.ts';
import type { Workbench } from '../../../core/workbench.ts';
import { CONTEXT_KEYS } from '../../host/contributions.ts';
import type { MessageRow, PagedTree } from '../../shell/paged-tree.ts';
import { markListed } from '../../shell/rows/mark-listed.ts';
import { PagedList } from '../../shell/rows/paged-list.ts';
import { findEvaluationFiles, isEvaluationFile, watchEvaluationFiles } from '../evaluation-files.ts';
import {
  type EvaluationsNode,
  type EvaluationsRow,
  type EvaluationsViewDeps,
  type FileRow,
  UNSAVED_LIST,
} from './evaluations-node.ts';
import { readFailedCases } from './failed-cases.ts';
import { watchDatabase } from './watch-database.ts';

/** Results of a file, and cases of a result, a page. */
const RESULTS_PAGE = 20;
/** How many of the newest results decide which files have some, before each other file is read by itself. */
const NEWEST = 200;
/** A run stores cells many times a second. */
const INTERVAL_MS = 300;

type ResultCursor = Pick<EvalListed, 'id' | 'state' | 'startedAt'>;

type ResultList = PagedList<EvalListed, ResultCursor>;

/** The content of the Evaluations view. Files and results are read when they are shown, the cases of a result on demand. */
export class EvaluationsContent implements vscode.Disposable {
  readonly #deps: EvaluationsViewDeps;
  readonly #tree: PagedTree<EvaluationsRow>;
  /** The lists of files by their relative path, and of results without a file. */
  readonly #results = new Map<string, ResultList>();
  /** How many cases of a result are shown. */
  readonly #casesShown = new Map<string, number>();
  readonly #listed = markListed(CONTEXT_KEYS.evaluationsListed);
  readonly #refreshes: Throttle;
  readonly #subscriptions: vscode.Disposable;

  constructor(deps: EvaluationsViewDeps, tree: PagedTree<EvaluationsRow>) {
    const { workbenches, watched } = deps;
    this.#deps = deps;
    this.#tree = tree;
    this.#refreshes = new Throttle(() => void tree.refresh(), INTERVAL_MS);
    const refresh = () => this.refresh();
    this.#subscriptions = vscode.Disposable.from(
      this.#refreshes,
      watchEvaluationFiles(refresh),
      watchDatabase(refresh),
      watched.onDidChange(refresh),
      workbenches.onEvaluationsChanged(refresh),
      vscode.workspace.onDidSaveTextDocument(({ uri }) => {
        if (isEvaluationFile(uri)) this.refresh();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(refresh),
      vscode.workspace.onDidChangeWorkspaceFolders(refresh),
      tree.view.onDidChangeVisibility(({ visible }) => visible && this.refresh()),
    );
  }

  async rows(parent: EvaluationsNode | undefined): Promise<EvaluationsNode[]> {
    if (!parent) return this.#readRoots();
    if (parent.kind === 'file') return this.#readResults(parent.relative);
    if (parent.kind === 'unsaved') return this.#readResults(undefined);
    if (parent.kind === 'result') return this.#readCases(parent.result);
    return [];
  }

  /** The next `rows` returns one more page of results, or of cases. */
  more(list: string): void {
    const results = this.#results.get(list);
    if (results) results.more();
    else this.#casesShown.set(list, (this.#casesShown.get(list) ?? 1) + 1);
  }

  /** Reads the rows again, at most a few times a second. */
  refresh(): void {
    for (const list of this.#results.values()) list.invalidate();
    this.#refreshes.request();
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  async #readRoots(): Promise<EvaluationsNode[]> {
    const { workbenches, watched } = this.#deps;
    const folder = workbenches.folderOf();
    const [files, workbench] = await Promise.all([folder ? findEvaluationFiles(folder) : [], this.#workbench()]);
    const store = workbench?.store;
    void workbench?.jobs.recover();
    this.#tree.view.description = workbenches.folderLabel();
    const results = (await store?.evals.list({ limit: NEWEST })) ?? [];
    const newest = new Map<string | undefined, EvalListed>();
    for (const result of results) if (!newest.has(result.file)) newest.set(result.file, result);
    const there = new Map(files.map((uri) => [relativePath(folder, uri), uri.fsPath]));
    await Promise.all(
      [...there.keys()].map(async (relative) => {
        if (newest.has(relative) || results.length < NEWEST) return;
        const [own] = (await store?.evals.list({ file: relative, limit: 1 })) ?? [];
        if (own) newest.set(relative, own);
      }),
    );
    const gone = [...newest.keys()].filter((relative) => relative !== undefined && !there.has(relative)) as string[];
    const rows = [...there.keys(), ...gone.sort()].map((relative): FileRow => {
      const file = there.get(relative) ?? path.join(folder?.uri.fsPath ?? '', relative);
      const isMissing = !there.has(relative);
      return { kind: 'file', file, relative, isMissing, newest: newest.get(relative), isWatched: watched.has(file) };
    });
    const unsaved = newest.get(undefined);
    const nodes: EvaluationsNode[] = rows.toSorted((a, b) => Number(isActive(b.newest)) - Number(isActive(a.newest)));
    if (unsaved) nodes.splice(isActive(unsaved) ? 0 : nodes.length, 0, { kind: 'unsaved', newest: unsaved });
    this.#listed(nodes, undefined);
    return nodes;
  }

  async #readResults(file: string | undefined): Promise<EvaluationsNode[]> {
    const key = file ?? UNSAVED_LIST;
    const read = async (page: ResultPage) => readPage(await this.#store(), file, page);
    const list = this.#results.get(key) ?? new PagedList<EvalListed, ResultCursor>(RESULTS_PAGE, read);
    this.#results.set(key, list);
    const { items, next } = await list.load();
    if (items.length === 0) return [noResults(file)];
    const rows = items.map((result): EvaluationsNode => ({ kind: 'result', result }));
    return next ? [...rows, { kind: 'more', list: key }] : rows;
  }

  async #readCases(result: EvalListed): Promise<EvaluationsNode[]> {
    const store = await this.#store();
    if (!store) return [];
    const { rows, hasMore } = await readFailedCases(store, result, this.#casesShown.get(result.id) ?? 1);
    if (rows.length > 0) return hasMore ? [...rows, { kind: 'more', list: result.id }] : rows;
    const text = result.state === 'running' ? 'No case has failed so far' : 'No case failed';
    return [{ kind: 'message', id: `passed:${result.id}`, text, icon: 'pass' }];
  }

  /** Undefined if nothing was recorded yet: reading must not create a database. */
  async #workbench(): Promise<Workbench | undefined> {
    const { workbenches } = this.#deps;
    return (await workbenches.hasHistory()) ? workbenches.for() : undefined;
  }

  async #store(): Promise<Store | undefined> {
    return (await this.#workbench())?.store;
  }
}

interface ResultPage {
  limit: number;
  cursor?: ResultCursor;
}

async function readPage(store: Store | undefined, file: string | undefined, { limit, cursor }: ResultPage) {
  if (!store) return { items: [], next: undefined };
  // one extra result shows whether more follow
  const found = await store.evals.list({ file: file ?? null, limit: limit + 1, ...(cursor ? { before: cursor } : {}) });
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, next: found.length > limit ? last : undefined };
}

function isActive(result: EvalListed | undefined): boolean {
  return result?.state === 'running' || result?.state === 'paused';
}

function noResults(file: string | undefined): MessageRow {
  return { kind: 'message', id: `none:${file ?? ''}`, text: 'No results yet', icon: 'circle-outline' };
}

function relativePath(folder: vscode.WorkspaceFolder | undefined, uri: vscode.Uri): string {
  const relative = path.relative(folder?.uri.fsPath ?? '', uri.fsPath);
  return relative.split(path.sep).join('/');
}
