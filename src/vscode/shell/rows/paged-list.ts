/** Some items of a list; `next` asks for those that follow, and is undefined at the end. */
export interface Page<Item, Cursor> {
  items: Item[];
  next: Cursor | undefined;
}

export type ReadPage<Item, Cursor> = (request: { limit: number; cursor?: Cursor }) => Promise<Page<Item, Cursor>>;

/**
 * A list that is read page by page: "Show more" reads the next page alone. After a change as many items are read again as
 * were shown, in one piece.
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

  /** All items that are wanted. Whoever asks while they are being read waits for the same answer. */
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

  /** The next `load` has a page more. */
  more(): void {
    this.#wanted += this.#pageSize;
  }

  /** The items may have changed: the next `load` reads as many as were wanted. */
  invalidate(): void {
    this.#generation += 1;
    this.#loaded = undefined;
  }

  /** The next `load` begins with one page. */
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
    const whole = { items: [...(known?.items ?? []), ...page.items], next: page.next };
    // what was read while something changed is shown, but not kept
    if (generation === this.#generation) this.#loaded = whole;
    return whole;
  }
}
