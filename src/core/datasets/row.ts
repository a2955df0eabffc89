export type DatasetRow = Record<string, unknown>;

export interface PlacedRow {
  row: DatasetRow;
  /** From 1, in the whole file. */
  number: number;
  /** The line on which it starts, from 1. */
  line: number;
}

/** The maximum number of characters in a row, because a row that never ends must not fill the memory. */
export const LONGEST_ROW = 64 * 1024 * 1024;

/** A problem at one line (from 1) of a dataset; the message is a clause without a full stop. */
export class RowProblem extends Error {
  override name = 'RowProblem';
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}
