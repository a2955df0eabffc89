import type { Ref } from 'preact';
import { useImperativeHandle, useLayoutEffect, useRef } from 'preact/hooks';
import { countSelected, isSelected, NO_ROWS, type RowSelection, rangeOf, toggleRow } from './row-selection.ts';
import {
  type ColumnWidths,
  columnWidth,
  limitWidth,
  nextSort,
  type TableColumn,
  type TableSort,
} from './table-column.ts';
import { TableHeader } from './table-header.tsx';
import { type CellPlace, type TableAction, tableKey } from './table-key.ts';
import { TableRow } from './table-row.tsx';
import { useVirtualizer } from './use-virtualizer.ts';

interface TableProps<Row> {
  /** The prefix for the IDs of cells, unique in the page. */
  id: string;
  label: string;
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
  /** Called with the visible rows, plus some around them. */
  onRange: (first: number, last: number) => void;
  handle?: Ref<TableHandle>;
}

export interface TableHandle {
  /** The first visible row. */
  firstRow(): number;
  scrollToRow(row: number): void;
}

const ROW_HEIGHT = 24;
const HEAD_HEIGHT = 26;
const CHECK_WIDTH = 28;
/** Rows that are rendered before and after the visible ones, so that scrolling does not show blank space. */
const OVERSCAN = 12;

/**
 * A grid of any number of rows and columns, of which only the visible ones are rendered. The grid itself has the
 * keyboard focus and refers to its active cell, so that the focus is not lost when a row scrolls away. It is not a
 * <table>, because the rendered rows and cells are positioned independently.
 */
export function Table<Row>(props: TableProps<Row>) {
  const { id, columns, rowCount, sort, selection, active } = props;
  const cells = useVisibleCells(props);
  const actions = useActions(props, cells.sight);
  const count = countSelected(selection);
  return (
    <div
      ref={cells.scroller}
      class="table"
      role="grid"
      tabIndex={0}
      aria-label={props.label}
      aria-rowcount={rowCount + 1}
      aria-colcount={columns.length + 1}
      aria-multiselectable
      aria-activedescendant={activeId(props, cells)}
      {...actions}
    >
      <TableHeader
        {...{ id, columns, width: cells.width, sort }}
        shown={cells.shownColumns}
        active={active.row < 0 ? active.column : undefined}
        selected={count === 0 ? 'none' : count < rowCount ? 'some' : 'all'}
        onSort={(index) => sortBy(props, index)}
        onSelectAll={() => props.onSelection(count < rowCount ? [[0, rowCount - 1]] : NO_ROWS)}
        onWidth={props.onWidth}
      />
      <TableBody props={props} cells={cells} />
    </div>
  );
}

type VisibleCells = ReturnType<typeof useVisibleCells>;

function TableBody<Row>({ props, cells }: { props: TableProps<Row>; cells: VisibleCells }) {
  const { id, columns, selection, active } = props;
  return (
    <div class="table-body" role="rowgroup" style={{ width: `${cells.width}px`, height: `${cells.height}px` }}>
      {cells.shownRows.map(({ index, start }) => (
        <TableRow
          key={index}
          {...{ id, columns, index, start }}
          shown={cells.shownColumns}
          row={props.rowAt(index)}
          selected={isSelected(selection, index)}
          active={active.row === index ? active.column : undefined}
        />
      ))}
    </div>
  );
}

/** The rows and columns in sight. Their data is requested when they change. */
function useVisibleCells<Row>(props: TableProps<Row>) {
  const { columns, widths, onRange, handle } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const { rows, across } = useVirtualCells(props, () => scroller.current);
  useLayoutEffect(() => across.measure(), [widths, columns]);
  const shownRows = rows.getVirtualItems();
  const shownColumns = across.getVirtualItems();
  const [first, last] = [shownRows[0]?.index ?? 0, shownRows.at(-1)?.index ?? -1];
  useLayoutEffect(() => {
    if (last >= first) onRange(first, last);
  }, [first, last, onRange]);
  useImperativeHandle(handle ?? null, () => ({
    firstRow: () => Math.floor((scroller.current?.scrollTop ?? 0) / ROW_HEIGHT),
    scrollToRow: (row) => rows.scrollToOffset(row * ROW_HEIGHT),
  }));
  const sight: Sight = {
    pageSize: () => Math.max(1, Math.floor(((scroller.current?.clientHeight ?? 0) - HEAD_HEIGHT) / ROW_HEIGHT)),
    reveal({ row, column }) {
      if (row >= 0) rows.scrollToIndex(row);
      across.scrollToIndex(column);
    },
  };
  const [width, height] = [across.getTotalSize(), rows.getTotalSize()];
  return { scroller, sight, width, height, shownRows, shownColumns, first, last };
}

function useVirtualCells<Row>(
  { columns, rowCount, widths }: TableProps<Row>,
  getScrollElement: () => HTMLDivElement | null,
) {
  const rows = useVirtualizer({
    count: rowCount,
    getScrollElement,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
    scrollPaddingEnd: HEAD_HEIGHT,
  });
  const across = useVirtualizer({
    count: columns.length,
    horizontal: true,
    getScrollElement,
    estimateSize: (index) => widthAt(columns, index, widths),
    getItemKey: (index) => columns[index]?.id ?? index,
    overscan: 1,
    paddingStart: CHECK_WIDTH,
    scrollPaddingStart: CHECK_WIDTH,
  });
  return { rows, across };
}

/** The ID of the active cell. Undefined while its row is not rendered. */
function activeId<Row>({ id, active }: TableProps<Row>, rendered: { first: number; last: number }): string | undefined {
  const { row, column } = active;
  if (row < 0) return `${id}-h-${column}`;
  return row >= rendered.first && row <= rendered.last ? `${id}-${row}-${column}` : undefined;
}

function widthAt<Row>(columns: readonly TableColumn<Row>[], index: number, widths: ColumnWidths): number {
  const column = columns[index];
  return column ? columnWidth(column, widths) : 0;
}

function sortBy<Row>({ columns, sort, onSort }: TableProps<Row>, index: number): void {
  const column = columns[index];
  const next = column && nextSort(column, sort);
  if (next && next !== sort) onSort(next);
}

interface Sight {
  pageSize(): number;
  reveal(cell: CellPlace): void;
}

interface ActionContext<Row> extends Sight {
  props: TableProps<Row>;
  /** The start of a range selected with Shift. */
  anchor: { current: number | undefined };
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
function useActions<Row>(props: TableProps<Row>, sight: Sight) {
  const { columns, rowCount, selection, active, onSelection } = props;
  const anchor = useRef<number | undefined>(undefined);
  const context = { props, anchor, ...sight };
  return {
    onKeyDown(event: KeyboardEvent) {
      const action = tableKey(event, { at: active, rows: rowCount, columns: columns.length, page: sight.pageSize() });
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
    },
    onDblClick(event: MouseEvent) {
      const place = placeOf(event);
      if (place && !place.onCheck) props.onOpen(place.row);
    },
  };
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
