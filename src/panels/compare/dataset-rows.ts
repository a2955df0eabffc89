import { stat } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../../core/base/errors.ts';
import type { RowWindow } from '../../core/datasets/row-window.ts';
import type { DatasetView } from '../../protocol/compare.ts';

/** The dataset that a form was filled from, and the current row. */
export class DatasetRows {
  readonly #file: string;
  readonly #window: RowWindow;
  /** The target of the last step, so that steps in quick succession add up. */
  #wanted: number;
  #view: DatasetView;
  /** The inputs from the current row. Those that the next row lacks are reset. */
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

  /**
   * Steps by a number of rows, up to the last one: the file may have changed since its end was read. Undefined if a
   * later step has overtaken this one.
   */
  async step(by: number): Promise<Record<string, unknown> | undefined> {
    const number = Math.max(1, this.#wanted + by);
    const { row, count } = await this.#at(number);
    if (number !== this.#wanted) return undefined;
    if (row) return this.#take(number, row, count);
    const last = await this.#at(count || 1);
    if (last.row) return this.#take(count || 1, last.row, last.count);
    this.#wanted = this.#view.row;
    throw new UserError(`${this.#view.name} no longer has any rows.`, {
      code: 'invalid-input',
      hint: 'Select another dataset, or add rows to this one.',
    });
  }

  async goTo(number: number): Promise<Record<string, unknown> | undefined> {
    const before = this.#view.row;
    const { row, count } = await this.#at(number);
    if (number !== this.#wanted) return undefined;
    if (row) return this.#take(number, row, count);
    this.#wanted = before;
    throw new UserError(
      `${this.#view.name} has ${count === 1 ? '1 row' : `${count ?? 0} rows`}, so row ${number} does not exist.`,
      {
        code: 'invalid-input',
        hint: 'Row numbers start at 1.',
      },
    );
  }

  async #at(number: number) {
    this.#wanted = number;
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

/** Differs as soon as the file changes. */
export async function stampOf(file: string): Promise<string> {
  try {
    const { mtimeMs, size } = await stat(file);
    return `${mtimeMs} ${size}`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new UserError(`${path.basename(file)} no longer exists.`, {
      code: 'unreadable-file',
      hint: 'Restore the file, or select another dataset.',
    });
  }
}
