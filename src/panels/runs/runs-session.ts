import path from 'node:path';
import { toErrorInfo, UserError } from '../../core/base/errors.ts';
import type { RunFilter, RunRecord, RunSummary } from '../../core/store/runs/run-record.ts';
import type { Store } from '../../core/store/store.ts';
import { firstPages, type RowList, type RowRanges } from '../../protocol/row-places.ts';
import type { RunDay, RunRow, RunsChoices, RunsEvent, RunsMethods, RunsSnapshot } from '../../protocol/runs.ts';
import { keysAt, movePlaces, type RowKeys } from '../session/list-places.ts';
import { toRunRow } from './run-row.ts';

interface RunsSessionOptions {
  /** Undefined if nothing was recorded yet. Opening the table must not create a database. */
  store(): Promise<Store | undefined>;
  /** How a prompt's path is shown. */
  labelOf(promptPath: string): string;
  send(seq: number, events: RunsEvent[]): void;
}

/** The limit of columns that can be compared at a time. */
const MAX_COMPARED = 12;
const MAX_ROWS = 500;
/** Runs per read of an export, because their answers are held in memory. */
const EXPORT_PAGE = 100;
/** Runs that start and end together count as one change. */
const CHANGE_MS = 100;

/**
 * The state of the Runs table. A list has the keys of all matching runs at the time it was opened. Rows are read by
 * their places in it, so that nothing moves while runs are recorded.
 */
export class RunsSession {
  readonly #options: RunsSessionOptions;
  #keys: RowKeys = new Float64Array();
  /** The store of the keys: the active folder may change before the next list. */
  #store: Store | undefined;
  #list = 0;
  #seq = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: RunsSessionOptions) {
    this.#options = options;
  }

  async snapshot(): Promise<RunsSnapshot> {
    const seq = this.#seq;
    try {
      const store = await this.#options.store();
      return { seq, notices: (await store?.status())?.notices ?? [] };
    } catch (error) {
      const { message, hint } = toErrorInfo(error);
      return { seq, notices: [hint ? `${message} ${hint}` : message] };
    }
  }

  async openList({ filter, sort, shown, places }: RunsMethods['list.open']['params']): Promise<RowList<RunRow>> {
    const store = await this.#options.store();
    const keys = (await store?.runs.order({ filter, sort })) ?? new Float64Array();
    // places in a list that was replaced would select other runs
    const before = store === this.#store && shown === this.#list ? this.#keys : new Float64Array();
    this.#keys = keys;
    this.#store = store;
    this.#list += 1;
    const list = this.#list;
    const moved = movePlaces(before, keys, places);
    const pages = firstPages(moved.first ?? places.first ?? 0, keys.length);
    const rows = await this.#readRows(keysAt(keys, [[pages.from, pages.from + pages.count - 1]]), store);
    return { list, count: keys.length, places: moved, first: { from: pages.from, rows } };
  }

  /** Undefined if another list was opened since. */
  async readRows({ list, from, count }: RunsMethods['rows.read']['params']): Promise<(RunRow | null)[] | undefined> {
    if (list !== this.#list) return undefined;
    return this.#readRows(keysAt(this.#keys, [[from, from + Math.min(count, MAX_ROWS) - 1]]), this.#store);
  }

  async readChoices(): Promise<RunsChoices> {
    const store = await this.#options.store();
    const { models, promptPaths } = (await store?.runs.distinctValues()) ?? { models: [], promptPaths: [] };
    return { models, prompts: promptPaths.map((file) => ({ path: file, label: this.#options.labelOf(file) })) };
  }

  async readDays(filter: RunFilter): Promise<RunDay[]> {
    return (await (await this.#options.store())?.runs.listDays(filter)) ?? [];
  }

  async runAt({ list, row }: { list: number; row: number }): Promise<RunSummary> {
    const [run] = await this.#read(this.#keysOf(list, [[row, row]]));
    if (run) return run;
    throw new UserError('This run is no longer in the history.', {
      code: 'store',
      hint: 'It was deleted, here or in another window.',
    });
  }

  /** The selected runs, which must belong to one prompt to be shown in one Compare panel. */
  async runsToCompare({ list, ranges }: { list: number; ranges: RowRanges }): Promise<RunSummary[]> {
    const keys = this.#keysOf(list, ranges);
    if (keys.length > MAX_COMPARED) {
      throw new UserError(`${keys.length} runs are selected. At most ${MAX_COMPARED} can be compared side by side.`, {
        code: 'usage',
        hint: 'Select fewer runs.',
      });
    }
    const runs = (await this.#read(keys)).filter((run) => run !== undefined);
    const prompts = new Set(runs.map(({ promptPath, promptName }) => promptPath ?? promptName));
    if (prompts.size > 1) {
      const names = [...prompts].map((prompt) => path.basename(prompt)).join(', ');
      throw new UserError(`The selected runs belong to ${prompts.size} prompts: ${names}.`, {
        code: 'usage',
        hint: 'Select runs of one prompt to compare them.',
      });
    }
    return runs;
  }

  /** The number of runs in an export: the selected ones, or all listed ones. */
  countExported({ list, ranges }: { list: number; ranges: RowRanges }): number {
    return this.#keysOf(list, this.#exported(ranges)).length;
  }

  /** The runs of an export with their answers, a few at a time. */
  async *readExported(
    { list, ranges }: { list: number; ranges: RowRanges },
    signal: AbortSignal,
  ): AsyncGenerator<RunRecord[]> {
    const store = this.#store;
    const keys = this.#keysOf(list, this.#exported(ranges));
    for (let from = 0; store && from < keys.length; from += EXPORT_PAGE) {
      signal.throwIfAborted();
      yield await store.runs.readWhole(keys.slice(from, from + EXPORT_PAGE));
    }
  }

  changed(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#seq += 1;
      this.#options.send(this.#seq, [{ type: 'changed' }]);
    }, CHANGE_MS);
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  #exported(ranges: RowRanges): RowRanges {
    return ranges.length > 0 ? ranges : [[0, this.#keys.length - 1]];
  }

  async #read(keys: number[], store = this.#store): Promise<(RunSummary | undefined)[]> {
    return (await store?.runs.read(keys)) ?? [];
  }

  async #readRows(keys: number[], store: Store | undefined): Promise<(RunRow | null)[]> {
    const runs = await this.#read(keys, store);
    return runs.map((run) => (run ? toRunRow(run) : null));
  }

  #keysOf(list: number, ranges: RowRanges): number[] {
    if (list !== this.#list) throw new UserError('The list has changed.', { code: 'usage', hint: 'Try again.' });
    return keysAt(this.#keys, ranges);
  }
}
