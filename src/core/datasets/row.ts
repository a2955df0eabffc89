export type DatasetRow = Record<string, unknown>;

export interface PlacedRow {
  row: DatasetRow;
  /** From 1, over the whole file. */
  number: number;
  /** The line on which it begins, from 1. */
  line: number;
}

/** A row holds at most so many characters: one that does not end must not fill the memory. */
export const LONGEST_ROW = 64 * 1024 * 1024;

/** What is wrong with a dataset at one of its lines (from 1); the message is a clause without a full stop. */
export class RowProblem extends Error {
  override name = 'RowProblem';
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}
