/** Rows of a long list, read a page at a time as they come into sight. */
export interface RowPages<Row> {
  /** Undefined while its page is being read. */
  rowAt(index: number): Row | undefined;
  /** Reads what is missing of these rows, and of a page on either side. Resolves once these are there. */
  show(first: number, last: number): Promise<void>;
}

export interface RowPagesOptions<Row> {
  count: number;
  /** Undefined where the list is no longer the one that was asked about. */
  read(from: number, count: number): Promise<readonly Row[] | undefined>;
  onRows(): void;
}

const PAGE = 100;
/** About ten thousand rows: far more than anybody goes back to, and a few megabytes. */
const MOST_PAGES = 100;

export function createRowPages<Row>({ count, read, onRows }: RowPagesOptions<Row>): RowPages<Row> {
  const pages = new Map<number, readonly Row[] | Promise<void>>();
  const lastPage = Math.ceil(count / PAGE) - 1;

  async function readPage(page: number) {
    const rows = await read(page * PAGE, PAGE).catch(() => undefined);
    if (rows) {
      pages.set(page, rows);
      onRows();
    } else pages.delete(page); // asked for again when it is next in sight
  }

  /** Puts the page last in the order of what was in sight. */
  function touch(page: number): readonly Row[] | Promise<void> | undefined {
    if (page < 0 || page > lastPage) return undefined;
    const rows = pages.get(page) ?? readPage(page);
    pages.delete(page);
    pages.set(page, rows);
    return rows;
  }

  /** The pages that were in sight longest ago go first. */
  function forget() {
    for (const [page, rows] of pages) {
      if (pages.size <= MOST_PAGES) return;
      if (!(rows instanceof Promise)) pages.delete(page);
    }
  }

  return {
    rowAt(index) {
      const rows = pages.get(Math.floor(index / PAGE));
      return rows instanceof Promise ? undefined : rows?.[index % PAGE];
    },
    async show(first, last) {
      const [from, to] = [Math.floor(first / PAGE), Math.floor(last / PAGE)];
      const wanted = Array.from({ length: to - from + 1 }, (_, step) => touch(from + step));
      touch(to + 1);
      touch(from - 1);
      forget();
      await Promise.all(wanted);
    },
  };
}
