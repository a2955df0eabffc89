import * as vscode from 'vscode';
import { isAbortError, toErrorInfo } from '../../core/base/errors.ts';
import type { Log } from '../../core/base/ports.ts';
import { type KeptRows, keepRows } from './rows/keep-rows.ts';

/** A row that says something in place of other rows; a click runs its command. */
export interface MessageRow {
  kind: 'message';
  id: string;
  text: string;
  icon: string;
  color?: string;
  description?: string;
  tooltip?: string;
  command?: vscode.Command;
}

/** The last row of a page that others follow. */
export interface MoreRow {
  kind: 'more';
  /** Which of the view's lists goes on. */
  list: string;
}

export type TreeRow<Own> = Own | MessageRow | MoreRow;

/** What a view is made of; the tree adds pages, messages and errors, and keeps rows up to date. */
export interface TreeSource<Own> {
  /** The rows under a row, or the first ones. Where it throws, a row says why. */
  rows(parent: TreeRow<Own> | undefined): TreeRow<Own>[] | Promise<TreeRow<Own>[]>;
  /** What a row keeps, however often it is read. */
  idOf(row: Own): string;
  toItem(row: Own): vscode.TreeItem | Promise<vscode.TreeItem>;
  /** The command of "Show more": the next `rows` has a page more of the list. */
  more?: { command: string; read(list: string): void };
  /** Nobody sees the rows under this one any more. */
  onFold?(row: TreeRow<Own>): void;
  log: Log;
  /** For the log, where rows could not be read. */
  failure: string;
}

/** Where more rows than this changed, VS Code is told to read all of them, which costs less. */
const MOST_ROWS = 40;
const ROOT = '';

/**
 * A view of rows. VS Code forgets the rows under what it is told to refresh until it has asked for them, and a menu that is
 * open meanwhile loses its row. So rows are read before VS Code is told, it is told only of those that differ, and rows stay
 * the same objects: what is unfolded, selected or has an open menu stays so.
 */
export class PagedTree<Own extends { kind: string }> implements vscode.Disposable {
  readonly view: vscode.TreeView<TreeRow<Own>>;
  readonly #source: TreeSource<Own>;
  readonly #changed = new vscode.EventEmitter<TreeRow<Own> | TreeRow<Own>[] | undefined>();
  readonly #subscriptions: vscode.Disposable;
  /** The rows under each row, as VS Code has them or is about to ask for them. */
  readonly #shown = new Map<string, TreeRow<Own>[]>();
  /** When the reading began that is shown: one that began before it comes too late. */
  readonly #readAt = new Map<string, number>();
  /** Rows that were folded: VS Code may keep what was under them, which is not kept up to date. */
  readonly #folded = new Set<string>();
  #clock = 0;

  constructor(viewId: string, source: TreeSource<Own>, options: { canSelectMany?: boolean } = {}) {
    this.#source = source;
    const treeDataProvider: vscode.TreeDataProvider<TreeRow<Own>> = {
      onDidChangeTreeData: this.#changed.event,
      getTreeItem: (row) => this.#toItem(row),
      getChildren: async (parent) => this.#shown.get(this.#keyOf(parent)) ?? (await this.#read(parent)).rows,
    };
    this.view = vscode.window.createTreeView(viewId, { treeDataProvider, showCollapseAll: true, ...options });
    const { more } = source;
    this.#subscriptions = vscode.Disposable.from(
      this.view,
      this.#changed,
      this.view.onDidCollapseElement(({ element }) => this.#fold(element)),
      this.view.onDidExpandElement(({ element }) => {
        if (this.#folded.delete(this.idOf(element))) void this.refreshUnder([element]);
      }),
      ...(more
        ? [
            vscode.commands.registerCommand(more.command, (row: MoreRow | undefined) => {
              more.read(row?.list ?? ROOT);
              void this.refreshUnder([row && this.#parentOf(row)]);
            }),
          ]
        : []),
    );
  }

  idOf(row: TreeRow<Own>): string {
    if (isMessage(row)) return `message:${row.id}`;
    return isMore(row) ? `more:${row.list}` : this.#source.idOf(row);
  }

  /** The row of this id as VS Code knows it. */
  find(id: string): TreeRow<Own> | undefined {
    return this.shownRows().find((row) => this.idOf(row) === id);
  }

  shownRows(): TreeRow<Own>[] {
    return [...this.#shown.values()].flat();
  }

  /** The rows that have rows under them in sight. */
  unfolded(): TreeRow<Own>[] {
    return this.shownRows().filter((row) => this.#shown.has(this.idOf(row)));
  }

  /** All rows that are seen are read again. */
  refresh(): Promise<void> {
    return this.refreshUnder([undefined]);
  }

  /** Reads the rows under these parents again, as far as they are unfolded. */
  async refreshUnder(parents: readonly (TreeRow<Own> | undefined)[]): Promise<void> {
    if (parents.length === 0) return;
    if (!this.view.visible) {
      this.#shown.clear();
      this.#changed.fire(undefined);
      return;
    }
    const different = new Set<TreeRow<Own> | undefined>();
    await Promise.all(parents.map((parent) => this.#readAgain(parent, different)));
    this.#tell(different);
  }

  /** The rows themselves are others, and what is under them is the same. */
  update(rows: readonly TreeRow<Own>[]): void {
    this.#tell(new Set(rows));
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #tell(different: ReadonlySet<TreeRow<Own> | undefined>): void {
    const rows = [...different].filter((row) => row !== undefined);
    if (different.has(undefined) || rows.length > MOST_ROWS) this.#changed.fire(undefined);
    else if (rows.length > 0) this.#changed.fire(rows);
  }

  async #readAgain(parent: TreeRow<Own> | undefined, different: Set<TreeRow<Own> | undefined>): Promise<void> {
    const { rows, changed, same } = await this.#read(parent);
    if (!same) different.add(parent);
    for (const row of changed) different.add(row);
    await Promise.all(
      rows.map(async (row) => {
        const key = this.idOf(row);
        if (this.#folded.delete(key)) different.add(row);
        else if (this.#shown.has(key)) await this.#readAgain(row, different);
      }),
    );
  }

  async #read(parent: TreeRow<Own> | undefined): Promise<KeptRows<TreeRow<Own>>> {
    const key = this.#keyOf(parent);
    const began = ++this.#clock;
    const read = await this.#rowsOf(parent, key);
    const before = this.#shown.get(key);
    if (began < (this.#readAt.get(key) ?? 0)) return { rows: before ?? read, changed: [], same: true };
    this.#readAt.set(key, began);
    const kept = keepRows(before ?? [], read, (row) => this.idOf(row));
    this.#shown.set(key, kept.rows);
    if (!kept.same) this.#forget(before ?? [], new Set(kept.rows));
    return { ...kept, same: kept.same && before !== undefined };
  }

  async #rowsOf(parent: TreeRow<Own> | undefined, key: string): Promise<TreeRow<Own>[]> {
    try {
      return await this.#source.rows(parent);
    } catch (error) {
      if (!isAbortError(error)) this.#source.log.error(this.#source.failure, error);
      return [errorRow(key, error)];
    }
  }

  #forget(rows: readonly TreeRow<Own>[], kept: ReadonlySet<TreeRow<Own>>): void {
    for (const row of rows) {
      if (kept.has(row)) continue;
      const key = this.idOf(row);
      const under = this.#shown.get(key) ?? [];
      for (const map of [this.#shown, this.#readAt, this.#folded]) map.delete(key);
      this.#forget(under, kept);
    }
  }

  #fold(row: TreeRow<Own>): void {
    const key = this.idOf(row);
    if (this.#shown.delete(key)) this.#folded.add(key);
    this.#source.onFold?.(row);
  }

  #parentOf(row: TreeRow<Own>): TreeRow<Own> | undefined {
    const [key] = [...this.#shown].find(([, rows]) => rows.includes(row)) ?? [ROOT];
    return key === ROOT ? undefined : this.find(key);
  }

  #keyOf(parent: TreeRow<Own> | undefined): string {
    return parent === undefined ? ROOT : this.idOf(parent);
  }

  async #toItem(row: TreeRow<Own>): Promise<vscode.TreeItem> {
    const item = isMessage(row)
      ? messageItem(row)
      : isMore(row)
        ? moreItem(row, this.#source.more?.command)
        : await this.#source.toItem(row);
    item.id = this.idOf(row);
    return item;
  }
}

/** Says what went wrong, and does what the error advises. */
export function errorRow(id: string, error: unknown): MessageRow {
  const { message, hint, action } = toErrorInfo(error);
  const command = action
    ? { command: action.command, title: action.title, arguments: action.args ?? [] }
    : { command: 'llmops.log.show', title: 'Show Log' };
  const text = hint ? `${message} ${hint}` : message;
  return { kind: 'message', id: `error:${id}`, text, icon: 'error', color: 'list.errorForeground', command };
}

function isMessage(row: { kind: string }): row is MessageRow {
  return row.kind === 'message';
}

function isMore(row: { kind: string }): row is MoreRow {
  return row.kind === 'more';
}

function messageItem({ text, icon, color, description, tooltip, command }: MessageRow): vscode.TreeItem {
  const item = new vscode.TreeItem(text);
  item.iconPath = new vscode.ThemeIcon(icon, color === undefined ? undefined : new vscode.ThemeColor(color));
  item.tooltip = tooltip ?? text;
  if (description !== undefined) item.description = description;
  if (command) item.command = command;
  return item;
}

function moreItem(row: MoreRow, command = ''): vscode.TreeItem {
  const item = new vscode.TreeItem('Show More…');
  item.iconPath = new vscode.ThemeIcon('ellipsis');
  item.command = { command, title: 'Show More', arguments: [row] };
  return item;
}
