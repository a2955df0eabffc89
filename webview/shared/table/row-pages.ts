import { ROW_PAGE } from '../../../src/protocol/row-places.ts';

/** The rows of a long list, read page by page when they become visible. */
export interface RowPages<Row> {
  /** Undefined while its page is being read. */
  rowAt(index: number): Row | undefined;
  /**
   * Reads the missing rows in this range, and those that the next step of a wheel shows. Resolves when the range is
   * available, and then reads one page on either side: while the scroll bar is dragged, they would delay the visible ones.
   */
  show(first: number, last: number): Promise<void>;
}

interface RowPagesOptions<Row> {
  count: number;
  /** Whole pages that are known already. */
  first?: { from: number; rows: readonly Row[] };
  /** Undefined if another list was opened since. */
  read(from: number, count: number): Promise<readonly Row[] | undefined>;
  onRows(): void;
}

/** About ten thousand rows, more than users scroll back to, and a few megabytes. */
const MAX_PAGES = 100;
/** A few steps of a wheel. */
const STEP_ROWS = 25;

export function createRowPages<Row>({ count, first, read, onRows }: RowPagesOptions<Row>): RowPages<Row> {
  const pages = new Map<number, readonly Row[] | Promise<void>>(first && splitPages(first));
  const lastPage = Math.ceil(count / ROW_PAGE) - 1;
  let turn = 0;

  async function readPage(page: number) {
    const rows = await read(page * ROW_PAGE, ROW_PAGE).catch(() => undefined);
    if (rows) {
      pages.set(page, rows);
      onRows();
    } else pages.delete(page); // read again when it is next visible
  }

  /** Moves the page to the end of the order of use. */
  function touch(page: number): readonly Row[] | Promise<void> | undefined {
    if (page < 0 || page > lastPage) return undefined;
    const rows = pages.get(page) ?? readPage(page);
    pages.delete(page);
    pages.set(page, rows);
    return rows;
  }

  /** Removes the least recently visible pages. */
  function forget() {
    for (const [page, rows] of pages) {
      if (pages.size <= MAX_PAGES) return;
      if (!(rows instanceof Promise)) pages.delete(page);
    }
  }

  return {
    rowAt(index) {
      const rows = pages.get(Math.floor(index / ROW_PAGE));
      return rows instanceof Promise ? undefined : rows?.[index % ROW_PAGE];
    },
    async show(first, last) {
      const [from, to] = [Math.floor(first / ROW_PAGE), Math.floor(last / ROW_PAGE)];
      turn += 1;
      const mine = turn;
      const wanted = Array.from({ length: to - from + 1 }, (_, step) => touch(from + step));
      touch(Math.floor((last + STEP_ROWS) / ROW_PAGE));
      touch(Math.floor((first - STEP_ROWS) / ROW_PAGE));
      await Promise.all(wanted);
      // the table was scrolled on
      if (mine !== turn) return;
      touch(to + 1);
      touch(from - 1);
      forget();
    },
  };
}

function splitPages<Row>({ from, rows }: { from: number; rows: readonly Row[] }): [number, readonly Row[]][] {
  return Array.from({ length: Math.ceil(rows.length / ROW_PAGE) }, (_, page) => [
    from / ROW_PAGE + page,
    rows.slice(page * ROW_PAGE, (page + 1) * ROW_PAGE),
  ]);
}
