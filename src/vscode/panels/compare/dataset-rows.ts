import path from 'node:path';
import { UserError } from '../../../core/base/errors.ts';
import type { RowWindow } from '../../../core/datasets/row-window.ts';
import type { DatasetView } from '../../../protocol/compare.ts';

/** The dataset that a form was filled from, and where in it the form is. */
export class DatasetRows {
  readonly #file: string;
  readonly #window: RowWindow;
  /** Where the last step led; steps that follow each other closely are all taken. */
  #wanted: number;
  #view: DatasetView;
  /** The inputs that the present row gave: those that the next one lacks are not left as they are. */
  filled: string[] = [];

  constructor(file: string, window: RowWindow, row: number) {
    this.#file = file;
    this.#window = window;
    this.#wanted = row;
    this.#view = { name: path.basename(file), path: file, row, count: undefined };
  }

  get file(): string {
    return this.#file;
  }

  get view(): DatasetView {
    return this.#view;
  }

  /** The row so many further on. Undefined where a later step has overtaken this one, or there is no such row. */
  async step(by: number): Promise<Record<string, unknown> | undefined> {
    const most = this.#view.count ?? Number.POSITIVE_INFINITY;
    this.#wanted = Math.min(most, Math.max(1, this.#wanted + by));
    const number = this.#wanted;
    const { row, count } = await this.#read(number);
    if (number !== this.#wanted) return undefined;
    if (row === undefined && count !== undefined && count > 0) return this.step(count - number);
    return this.#take(number, row, count);
  }

  async goTo(number: number): Promise<Record<string, unknown> | undefined> {
    const before = this.#view.row;
    this.#wanted = number;
    const { row, count } = await this.#read(number);
    if (number !== this.#wanted) return undefined;
    if (row) return this.#take(number, row, count);
    this.#wanted = before;
    throw new UserError(
      `${this.#view.name} has ${count === 1 ? '1 row' : `${count ?? 0} rows`}, and no row ${number}.`,
      {
        code: 'invalid-input',
        hint: 'Rows are counted from 1.',
      },
    );
  }

  async #read(number: number) {
    try {
      return await this.#window.at(number);
    } catch (error) {
      if (number === this.#wanted) this.#wanted = this.#view.row;
      throw error;
    }
  }

  #take(row: number, values: Record<string, unknown> | undefined, count: number | undefined) {
    this.#view = { ...this.#view, row, count };
    return values;
  }
}
