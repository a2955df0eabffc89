import { useRef } from 'preact/hooks';
import { NO_ROWS, type RowSelection, rangeOf, toggleRow } from './row-selection.ts';
import {
  type ColumnWidths,
  columnWidth,
  limitWidth,
  nextSort,
  type TableColumn,
  type TableSort,
} from './table-column.ts';
import { groupPlace, type TableGroups } from './table-groups.ts';
import { type CellPlace, type TableAction, tableKey } from './table-key.ts';
import type { Sight } from './use-visible-cells.ts';

export interface TableActionProps<Row> {
  columns: readonly TableColumn<Row>[];
  rowCount: number;
  /** Undefined while the row is being read. */
  rowAt: (index: number) => Row | undefined;
  sort: TableSort | undefined;
  selection: RowSelection;
  active: CellPlace;
  widths: ColumnWidths;
  onSort: (sort: TableSort) => void;
  onSelection: (selection: RowSelection) => void;
  onActive: (cell: CellPlace) => void;
  onWidth: (columnId: string, width: number) => void;
  /** Called on Enter or a double-click. */
  onOpen: (row: number) => void;
  /** The same object until something changes, because a new one draws all rows again. */
  groups?: TableGroups<Row> | undefined;
}

interface ActionContext<Row> extends Sight {
  props: TableActionProps<Row>;
  /** The start of a range selected with Shift. */
  anchor: { current: number | undefined };
}

export function sortBy<Row>({ columns, sort, onSort }: TableActionProps<Row>, index: number): void {
  const column = columns[index];
  const next = column && nextSort(column, sort);
  if (next && next !== sort) onSort(next);
}

function extendTo<Row>({ props, anchor }: ActionContext<Row>, row: number): void {
  anchor.current ??= Math.max(0, props.active.row);
  props.onSelection([rangeOf(anchor.current, row)]);
}

function act<Row>(context: ActionContext<Row>, action: NonNullable<TableAction>) {
  const { props, anchor, reveal } = context;
  const { columns, rowCount, selection, active, widths, onSelection } = props;
  switch (action.type) {
    case 'move':
      props.onActive(action.to);
      reveal(action.to);
      if (action.extend && action.to.row >= 0) extendTo(context, action.to.row);
      else if (!action.extend) anchor.current = undefined;
      return;
    case 'toggle':
      anchor.current = active.row;
      return onSelection(toggleRow(selection, active.row));
    case 'open':
      return props.onOpen(active.row);
    case 'fold':
    case 'unfold':
      return props.groups?.onFold(active.row, action.type === 'fold');
    case 'title':
      return props.groups?.onTitle(active.row);
    case 'select-all':
      anchor.current = undefined;
      return onSelection(rowCount > 0 ? [[0, rowCount - 1]] : NO_ROWS);
    case 'clear':
      anchor.current = undefined;
      return onSelection(NO_ROWS);
    case 'sort':
      return sortBy(props, active.column);
    case 'resize': {
      const column = columns[active.column];
      return column && props.onWidth(column.id, limitWidth(columnWidth(column, widths) + action.by));
    }
  }
}

/** The actions of keys and clicks, as in VS Code's lists: Ctrl adds a row to the selection, Shift extends it. */
export function useTableActions<Row>(props: TableActionProps<Row>, sight: Sight) {
  const { columns, rowCount, selection, active, onSelection } = props;
  const anchor = useRef<number | undefined>(undefined);
  const context = { props, anchor, ...sight };
  return {
    onKeyDown(event: KeyboardEvent) {
      const group = groupPlace(props.groups, props.rowAt(active.row));
      const size = { rows: rowCount, columns: columns.length, page: sight.pageSize() };
      const action = tableKey(event, { at: active, group, ...size });
      if (!action || (action.type === 'clear' && selection.length === 0)) return;
      if (rowCount === 0 && (action.type === 'toggle' || action.type === 'open')) return;
      event.preventDefault();
      event.stopPropagation();
      act(context, action);
    },
    onClick(event: MouseEvent) {
      const place = placeOf(event);
      if (!place) return;
      const { row, column = active.column, onCheck } = place;
      const isRange = event.shiftKey;
      if (isRange) extendTo(context, row);
      else if (onCheck || event.ctrlKey || event.metaKey) onSelection(toggleRow(selection, row));
      else onSelection([[row, row]]);
      if (!isRange) anchor.current = row;
      props.onActive({ row, column });
      const isPlain = !isRange && !onCheck && !event.ctrlKey && !event.metaKey;
      if (isPlain) foldAt(row, props);
    },
    onMouseOver: (event: MouseEvent) => showHint(event, props),
    onMouseOut: hideHint,
    onDblClick(event: MouseEvent) {
      const place = placeOf(event);
      if (place && !place.onCheck) props.onOpen(place.row);
    },
  };
}

/** A click on a title folds its group, or unfolds it, as in VS Code's trees. */
function foldAt<Row>(row: number, { groups, rowAt }: TableActionProps<Row>): void {
  const place = groupPlace(groups, rowAt(row));
  if (place === 'folded' || place === 'unfolded') groups?.onFold(row, place === 'unfolded');
}

/** Sets the tooltip of the cell under the mouse: computing those of all cells would slow down scrolling. */
function showHint<Row>(event: MouseEvent, { columns, rowAt }: TableActionProps<Row>): void {
  const { row: index, column: at } = placeOf(event) ?? {};
  const row = index === undefined ? undefined : rowAt(index);
  const cell = event.target instanceof Element && event.target.closest<HTMLElement>('[role="gridcell"]');
  if (row !== undefined && at !== undefined && cell) cell.title = columns[at]?.hint?.(row) ?? '';
}

/** Another row may be drawn in this element next. The active row keeps its tooltips. */
function hideHint({ target }: MouseEvent): void {
  const cell = target instanceof Element && target.closest('[role="gridcell"]');
  if (cell && !cell.closest('.current')) cell.removeAttribute('title');
}

/** The clicked row; undefined in the header. */
function placeOf({ target }: MouseEvent): { row: number; column: number | undefined; onCheck: boolean } | undefined {
  if (!(target instanceof Element)) return undefined;
  const row = target.closest<HTMLElement>('[data-row]')?.dataset.row;
  if (row === undefined) return undefined;
  const column = target.closest('[role="gridcell"]')?.getAttribute('aria-colindex');
  const onCheck = target.closest('.table-check') !== null;
  return { row: Number(row), column: column && !onCheck ? Number(column) - 2 : undefined, onCheck };
}
