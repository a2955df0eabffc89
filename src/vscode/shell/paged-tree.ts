import * as vscode from 'vscode';
import { isAbortError, toErrorInfo } from '../../core/base/errors.ts';
import type { Log } from '../../core/base/ports.ts';
import { type KeptRows, keepRows } from './rows/keep-rows.ts';

/** A row with a message. Selecting it runs its command. */
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

/** The last row of a page if more pages follow. */
export interface MoreRow {
  kind: 'more';
  /** The list of the view that it continues. */
  list: string;
}

export type TreeRow<Own> = Own | MessageRow | MoreRow;

/** The content of a view. The tree adds pages, messages and errors, and refreshes rows. */
interface TreeSource<Own> {
  /** The children of a row, or the root rows. If it throws, a row shows the error. */
  rows(parent: TreeRow<Own> | undefined): TreeRow<Own>[] | Promise<TreeRow<Own>[]>;
  /** Rows are not read before this. */
  after?(): Promise<void>;
  /** The stable ID of a row. */
  idOf(row: Own): string;
  toItem(row: Own): vscode.TreeItem | Promise<vscode.TreeItem>;
  /** The command of "Show More": the next `rows` returns one more page of the list. */
  more?: { command: string; read(list: string): void };
  /** The row was collapsed. */
  onFold?(row: TreeRow<Own>): void;
  log: Log;
  /** The log message if rows cannot be read. */
  failure: string;
}

/** If more rows than this changed, VS Code refreshes all of them, which is faster. */
const MAX_ROWS = 40;
const ROOT = '';

/**
 * A tree view. When VS Code refreshes a row, it forgets the children until it has read them again, and an open context
 * menu loses its row. So rows are read first, only changed rows are refreshed, and unchanged rows stay the same
 * objects: expanded rows, the selection and open menus are kept.
 */
export class PagedTree<Own extends { kind: string }> implements vscode.Disposable {
  readonly view: vscode.TreeView<TreeRow<Own>>;
  readonly #source: TreeSource<Own>;
  readonly #changed = new vscode.EventEmitter<TreeRow<Own> | TreeRow<Own>[] | undefined>();
  readonly #subscriptions: vscode.Disposable;
  /** The children of each row, as VS Code knows them or is about to request them. */
  readonly #shown = new Map<string, TreeRow<Own>[]>();
  /** When the shown read started. A read that started earlier but ends later is ignored. */
  readonly #readAt = new Map<string, number>();
  /** Collapsed rows: VS Code may keep their children, which are not refreshed. */
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

  /**
   * The message above the rows. VS Code counts each assignment as a change of the rows and shows further changes only
   * 200 ms later, so an unchanged message is not assigned.
   */
  setMessage(message: string | undefined): void {
    if ((this.view.message || undefined) !== message) this.view.message = message;
  }

  idOf(row: TreeRow<Own>): string {
    if (isMessage(row)) return `message:${row.id}`;
    return isMore(row) ? `more:${row.list}` : this.#source.idOf(row);
  }

  /** The row with this ID, as VS Code knows it. */
  find(id: string): TreeRow<Own> | undefined {
    return this.shownRows().find((row) => this.idOf(row) === id);
  }

  shownRows(): TreeRow<Own>[] {
    return [...this.#shown.values()].flat();
  }

  /** The expanded rows. */
  unfolded(): TreeRow<Own>[] {
    return this.shownRows().filter((row) => this.#shown.has(this.idOf(row)));
  }

  /** Reads all visible rows again. */
  refresh(): Promise<void> {
    return this.refreshUnder([undefined]);
  }

  /** Reads the children of these rows again, if they are expanded. */
  async refreshUnder(parents: readonly (TreeRow<Own> | undefined)[]): Promise<void> {
    if (parents.length === 0) return;
    if (!this.view.visible) {
      this.#shown.clear();
      this.#changed.fire(undefined);
      return;
    }
    const different = new Set<TreeRow<Own> | undefined>();
    await Promise.all(parents.map((parent) => this.#readAgain(parent, different)));
    this.#fireChanges(different);
  }

  /** Refreshes the rows themselves, but not their children. */
  update(rows: readonly TreeRow<Own>[]): void {
    this.#fireChanges(new Set(rows));
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #fireChanges(different: ReadonlySet<TreeRow<Own> | undefined>): void {
    const rows = [...different].filter((row) => row !== undefined);
    if (different.has(undefined) || rows.length > MAX_ROWS) this.#changed.fire(undefined);
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
      await this.#source.after?.();
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

/** Shows an error. Selecting the row runs the action of the error. */
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
