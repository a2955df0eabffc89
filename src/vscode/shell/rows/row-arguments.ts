/** The arguments of a command in a view: the row of its menu, and all rows that were selected with it. */
interface RowArguments {
  target: unknown;
  /** Empty if only one row was selected. */
  selected: readonly unknown[];
}

/**
 * Replaces a row that VS Code could not identify. Otherwise the command would apply to the prompt in the editor, which
 * may be a different one. The command has to ask instead.
 */
export const LOST_ROW = { kind: 'lost' } as const;

/**
 * VS Code identifies rows by their IDs, but knows none while it replaces them. `remembered` are the rows that were last
 * selected. They are only used if the whole selection is known: a command must not act on fewer rows than were
 * selected.
 */
export function rowArguments(args: readonly unknown[], remembered: readonly unknown[]): RowArguments {
  const [target, several] = args;
  if (!Array.isArray(several) || several.length < 2) return { target: rowTarget(args), selected: [] };
  if (several.every(isKnown)) return { target: isKnown(target) ? target : several[0], selected: several };
  if (remembered.length !== several.length) return { target: LOST_ROW, selected: [] };
  return { target: isKnown(target) ? target : remembered[0], selected: remembered };
}

/** The row of a command for a single row. The command palette passes no arguments. */
export function rowTarget(args: readonly unknown[]): unknown {
  return args.length > 0 && !isKnown(args[0]) ? LOST_ROW : args[0];
}

function isKnown(row: unknown): boolean {
  return row !== undefined && row !== null;
}
