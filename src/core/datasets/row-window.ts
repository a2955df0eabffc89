import { type DatasetBytes, type ReadDatasetOptions, readDataset } from './read-rows.ts';
import type { DatasetRow } from './row.ts';

interface Options extends Pick<ReadDatasetOptions, 'onNotice' | 'signal'> {
  path: string;
  /** Opens the file again; it need not be read to the end. */
  open(): DatasetBytes;
  /** Changes when the file does, so that cached rows are read again. */
  stamp(): Promise<string>;
}

interface RowAt {
  /** Undefined if the file has fewer rows. */
  row: DatasetRow | undefined;
  /** The number of rows in the file, once its end was read. */
  count: number | undefined;
}

/** The number of rows read beyond the requested one, and of rows kept before it. */
const AHEAD = 1000;
const BEHIND = 200;
/** Rows may be long: above this number of bytes fewer are kept. */
const MOST_BYTES = 16 * 1024 * 1024;

interface KeptRow {
  number: number;
  row: DatasetRow;
  bytes: number;
}

/**
 * Any row of a dataset by its number, for stepping from row to row. The file is read from its start to a little beyond
 * the row; the rows around it are cached, so that its neighbors cost nothing.
 */
export class RowWindow {
  readonly #options: Options;
  #kept: KeptRow[] = [];
  #count: number | undefined;
  #stamp: string | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  async at(number: number): Promise<RowAt> {
    const stamp = await this.#options.stamp();
    if (stamp !== this.#stamp) this.#forget();
    if (!this.#find(number) && (this.#count === undefined || number <= this.#count)) await this.#read(number);
    this.#stamp = stamp;
    return { row: this.#find(number)?.row, count: this.#count };
  }

  #find(number: number): KeptRow | undefined {
    return this.#kept.find((kept) => kept.number === number);
  }

  #forget(): void {
    this.#kept = [];
    this.#count = undefined;
  }

  async #read(number: number): Promise<void> {
    const { path, open, onNotice, signal } = this.#options;
    this.#kept = [];
    let taken = 0;
    const counted = async function* () {
      for await (const piece of open()) {
        taken += piece.byteLength;
        yield piece;
      }
    };
    let last = 0;
    try {
      for await (const placed of readDataset(path, counted(), { onNotice, signal })) {
        last = placed.number;
        this.#kept.push({ number: last, row: placed.row, bytes: taken });
        this.#drop(number, taken);
        const isFar = taken - (this.#find(number)?.bytes ?? taken) > MOST_BYTES;
        if (last >= number + AHEAD || (last > number && isFar)) return;
      }
    } catch (error) {
      // A problem beyond the requested row is reported when that row is requested.
      if (last < number) throw error;
      return;
    }
    this.#count = last;
  }

  /** Rows before the requested one that are too many, or too long in total. */
  #drop(number: number, taken: number): void {
    const isTooMuch = ({ number: first, bytes }: KeptRow) =>
      first < number - BEHIND || (first < number && taken - bytes > MOST_BYTES);
    while (this.#kept[0] && isTooMuch(this.#kept[0])) this.#kept.shift();
  }
}
