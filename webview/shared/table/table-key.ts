import type { GroupPlace } from './table-groups.ts';

/** A cell by its place; row -1 is the header. */
export interface CellPlace {
  row: number;
  column: number;
}

/** The effect of a key in a table. */
export type TableAction =
  /** `extend`: the rows in between are selected too. */
  | { type: 'move'; to: CellPlace; extend: boolean }
  | { type: 'toggle' | 'open' | 'select-all' | 'clear' | 'sort' }
  /** `title`: to the title of the group. */
  | { type: 'fold' | 'unfold' | 'title' }
  | { type: 'resize'; by: number }
  | undefined;

interface TableKeyState {
  at: CellPlace;
  rows: number;
  columns: number;
  /** The number of visible rows. */
  page: number;
  group?: GroupPlace;
}

type Key = Pick<KeyboardEvent, 'key' | 'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey'>;

const HEADER = -1;
const RESIZE_STEP = 16;

/**
 * Follows the grid pattern, https://www.w3.org/WAI/ARIA/apg/patterns/grid/, and in a table with groups the treegrid
 * pattern, https://www.w3.org/WAI/ARIA/apg/patterns/treegrid/.
 */
export function tableKey(event: Key, state: TableKeyState): TableAction {
  const { key, altKey, ctrlKey, metaKey, shiftKey } = event;
  const { at } = state;
  const control = ctrlKey || metaKey;
  if (altKey) return undefined;
  if (control && key.toLowerCase() === 'a') return { type: 'select-all' };
  const inHeader = at.row === HEADER;
  if (inHeader && shiftKey && (key === 'ArrowLeft' || key === 'ArrowRight')) {
    return { type: 'resize', by: key === 'ArrowRight' ? RESIZE_STEP : -RESIZE_STEP };
  }
  const fold = control || shiftKey ? undefined : foldKey(key, state);
  if (fold) return fold;
  const to = target(key, control, state);
  if (to) return { type: 'move', to: within(to, state), extend: shiftKey && !inHeader && to.row !== at.row };
  if (control) return undefined;
  if (key === 'Enter') return { type: inHeader ? 'sort' : 'open' };
  if (key === ' ') return { type: inHeader ? 'sort' : 'toggle' };
  return key === 'Escape' ? { type: 'clear' } : undefined;
}

/** The arrow keys fold and unfold, and then lead from a title to the first row of its group and back. */
function foldKey(key: string, { at, group }: TableKeyState): TableAction {
  if (key === 'Enter' && group === 'folded') return { type: 'unfold' };
  if (key === 'Enter' && group === 'unfolded') return { type: 'fold' };
  if (key === 'ArrowRight' && group === 'folded') return { type: 'unfold' };
  if (key === 'ArrowRight' && group === 'unfolded') {
    return { type: 'move', to: { row: at.row + 1, column: 0 }, extend: false };
  }
  if (key === 'ArrowLeft' && group === 'unfolded') return { type: 'fold' };
  return key === 'ArrowLeft' && group === 'member' && at.column === 0 ? { type: 'title' } : undefined;
}

function target(key: string, control: boolean, { at, rows, columns, page }: TableKeyState): CellPlace | undefined {
  const { row, column } = at;
  const steps: Record<string, CellPlace> = {
    ArrowDown: { row: control ? rows - 1 : row + 1, column },
    ArrowUp: { row: control ? 0 : row - 1, column },
    ArrowRight: { row, column: control ? columns - 1 : column + 1 },
    ArrowLeft: { row, column: control ? 0 : column - 1 },
    // from the header, a page down is the last row of the first page
    PageDown: { row: row + page, column },
    PageUp: { row: Math.max(Math.min(row, 0), row - page), column },
    Home: { row: control ? 0 : row, column: 0 },
    End: { row: control ? rows - 1 : row, column: columns - 1 },
  };
  return Object.hasOwn(steps, key) ? steps[key] : undefined;
}

function within({ row, column }: CellPlace, { rows, columns }: TableKeyState): CellPlace {
  return {
    row: Math.max(HEADER, Math.min(rows - 1, row)),
    column: Math.max(0, Math.min(columns - 1, column)),
  };
}
