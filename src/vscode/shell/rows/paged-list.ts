/** Some items of a list. `next` is the cursor for the following items, undefined at the end. */
export interface Page<Item, Cursor> {
  items: Item[];
  next: Cursor | undefined;
}

type ReadPage<Item, Cursor> = (request: { limit: number; cursor?: Cursor }) => Promise<Page<Item, Cursor>>;

/**
 * A list that is read page by page: "Show More" only reads the next page. After a change, as many items as were shown
 * are read again at once.
 */
export class PagedList<Item, Cursor> {
  readonly #read: ReadPage<Item, Cursor>;
  readonly #pageSize: number;
  #wanted: number;
  #loaded: Page<Item, Cursor> | undefined;
  #generation = 0;
  #reading: { key: string; page: Promise<Page<Item, Cursor>> } | undefined;

  constructor(pageSize: number, read: ReadPage<Item, Cursor>) {
    this.#read = read;
    this.#pageSize = pageSize;
    this.#wanted = pageSize;
  }

  /** All items that are to be shown. Concurrent calls share one read. */
  load(): Promise<Page<Item, Cursor>> {
    const key = `${this.#generation} ${this.#wanted}`;
    if (this.#reading?.key === key) return this.#reading.page;
    const page = this.#load(this.#generation);
    const reading = { key, page };
    const done = () => {
      if (this.#reading === reading) this.#reading = undefined;
    };
    page.then(done, done);
    this.#reading = reading;
    return page;
  }

  /** The next `load` returns one more page. */
  more(): void {
    this.#wanted += this.#pageSize;
  }

  /** The items may have changed: the next `load` reads as many as were shown. */
  invalidate(): void {
    this.#generation += 1;
    this.#loaded = undefined;
  }

  /** The next `load` starts with one page. */
  reset(): void {
    this.#wanted = this.#pageSize;
    this.invalidate();
  }

  async #load(generation: number): Promise<Page<Item, Cursor>> {
    const known = this.#loaded;
    const isEnough = known && (known.items.length >= this.#wanted || known.next === undefined);
    if (isEnough) return known;
    const page = await (known?.next === undefined
      ? this.#read({ limit: this.#wanted })
      : this.#read({ limit: this.#pageSize, cursor: known.next }));
    const loaded = { items: [...(known?.items ?? []), ...page.items], next: page.next };
    // items that were read during a change are shown, but not cached
    if (generation === this.#generation) this.#loaded = loaded;
    return loaded;
  }
}
