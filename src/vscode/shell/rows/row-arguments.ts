/** What a command of a view was given: the row whose menu it is in, and all rows that were selected with it. */
export interface RowArguments {
  target: unknown;
  /** Empty where the row was not one of several. */
  selected: readonly unknown[];
}

/**
 * In place of a row that VS Code could not name. Without it a command would mean the prompt in the editor, which may be
 * another one: it has to ask.
 */
export const LOST_ROW = { kind: 'lost' } as const;

/**
 * VS Code names rows by their ids, but knows none while it replaces them; `remembered` are the rows that were selected
 * last. They stand for a selection only where all of it is known: a command must not act on fewer rows than were chosen.
 */
export function rowArguments(args: readonly unknown[], remembered: readonly unknown[]): RowArguments {
  const [target, several] = args;
  if (!Array.isArray(several) || several.length < 2) return { target: rowTarget(args), selected: [] };
  if (several.every(isKnown)) return { target: isKnown(target) ? target : several[0], selected: several };
  if (remembered.length !== several.length) return { target: LOST_ROW, selected: [] };
  return { target: isKnown(target) ? target : remembered[0], selected: remembered };
}

/** The row of a command that acts on one alone. The palette gives no arguments at all. */
export function rowTarget(args: readonly unknown[]): unknown {
  return args.length > 0 && !isKnown(args[0]) ? LOST_ROW : args[0];
}

function isKnown(row: unknown): boolean {
  return row !== undefined && row !== null;
}
