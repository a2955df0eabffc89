import type { Range } from '@tanstack/virtual-core';
import type { Ref, RefObject } from 'preact';
import { useCallback, useImperativeHandle, useLayoutEffect, useRef } from 'preact/hooks';
import { useWidth } from '../frame/use-width.ts';
import {
  CHECK_WIDTH,
  type ColumnWidths,
  columnWidth,
  countPinned,
  headHeight,
  type TableColumn,
} from './table-column.ts';
import type { CellPlace } from './table-key.ts';
import { useVirtualizer } from './use-virtualizer.ts';

export interface TableHandle {
  /** The first visible row. */
  firstRow(): number;
  scrollToRow(row: number): void;
  /** Scrolls as little as possible until the row is visible. */
  revealRow(row: number): void;
  focus(): void;
}

export interface VisibleCellsProps<Row> {
  columns: readonly TableColumn<Row>[];
  rowCount: number;
  rowHeight?: number;
  widths: ColumnWidths;
  onRange: (first: number, last: number) => void;
  handle?: Ref<TableHandle>;
}

/** Moves the part of the table that is visible. */
export interface Sight {
  /** Whole rows that fit. */
  pageSize(): number;
  reveal(cell: CellPlace): void;
}

const ROW_HEIGHT = 24;
/** Rows that are rendered ahead of the visible ones, so that scrolling does not show blank space, and behind them. */
const AHEAD = 12;
const BEHIND = 2;

/** The rows to render, by the direction in which the table is scrolled: half as many beside the visible ones as both ways. */
const rowsAhead = {
  forward: (visible: Range) => extendRange(visible, BEHIND, AHEAD),
  backward: (visible: Range) => extendRange(visible, AHEAD, BEHIND),
};

function extendRange({ startIndex, endIndex, count }: Range, before: number, after: number): number[] {
  const first = Math.max(0, startIndex - before);
  const last = Math.min(count - 1, endIndex + after);
  return Array.from({ length: last - first + 1 }, (_, step) => first + step);
}

/** The rows and columns in sight. Their data is requested when they change. */
export function useVisibleCells<Row>(props: VisibleCellsProps<Row>) {
  const { columns, widths, onRange, rowHeight = ROW_HEIGHT } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const pinned = countPinned(columns, widths, useWidth(scroller, 20) * 20);
  const { rows, across } = useVirtualCells(props, pinned, () => scroller.current);
  useLayoutEffect(() => across.measure(), [widths, columns]);
  const measured = useRef(rowHeight);
  useLayoutEffect(() => {
    if (measured.current !== rowHeight) rows.measure();
    measured.current = rowHeight;
  }, [rowHeight]);
  const shownRows = rows.getVirtualItems();
  const shownColumns = across.getVirtualItems();
  const [first, last] = [shownRows[0]?.index ?? 0, shownRows.at(-1)?.index ?? -1];
  useLayoutEffect(() => {
    if (last >= first) onRange(first, last);
  }, [first, last, onRange]);
  useImperativeHandle(props.handle ?? null, () => ({
    firstRow: () => Math.floor((scroller.current?.scrollTop ?? 0) / rowHeight),
    scrollToRow: (row) => rows.scrollToOffset(row * rowHeight),
    revealRow: (row) => rows.scrollToIndex(row),
    focus: () => scroller.current?.focus(),
  }));
  const sight: Sight = {
    pageSize: () => Math.max(1, Math.floor(((scroller.current?.clientHeight ?? 0) - headHeight(columns)) / rowHeight)),
    reveal({ row, column }) {
      if (row >= 0) rows.scrollToIndex(row);
      if (column >= pinned) across.scrollToIndex(column);
    },
  };
  const [width, height] = [across.getTotalSize(), rows.getTotalSize()];
  const slots = useSlots(shownRows.length);
  return { scroller, sight, width, height, rowHeight, shownRows, shownColumns, pinned, first, last, slots };
}

/**
 * The number of elements that rows take in turn: a row that scrolls into sight is drawn in the element of one that
 * scrolled away, which costs a fraction of a new one.
 */
function useSlots(rows: number): number {
  const most: RefObject<number> = useRef(0);
  most.current = Math.max(most.current ?? 0, rows);
  return Math.max(1, most.current);
}

function useVirtualCells<Row>(
  { columns, rowCount, rowHeight = ROW_HEIGHT, widths }: VisibleCellsProps<Row>,
  pinned: number,
  getScrollElement: () => HTMLDivElement | null,
) {
  // a new function would measure all columns and draw all rows again
  const getItemKey = useCallback((index: number) => columns[index]?.id ?? index, [columns]);
  const rendered = useRef(rowsAhead.forward);
  const rows = useVirtualizer({
    count: rowCount,
    getScrollElement,
    estimateSize: () => rowHeight,
    rangeExtractor: rendered.current,
    scrollPaddingEnd: headHeight(columns),
  });
  // the direction counts from the next frame on, and stays when the table comes to rest
  if (rows.scrollDirection) rendered.current = rowsAhead[rows.scrollDirection];
  const withPinned = useCallback(
    (visible: Range) => [...Array(pinned).keys(), ...extendRange(visible, 1, 1).filter((index) => index >= pinned)],
    [pinned],
  );
  const across = useVirtualizer({
    count: columns.length,
    horizontal: true,
    getScrollElement,
    estimateSize: (index) => widthAt(columns, index, widths),
    getItemKey,
    rangeExtractor: withPinned,
    paddingStart: CHECK_WIDTH,
    scrollPaddingStart: columns
      .slice(0, pinned)
      .reduce((end, column) => end + columnWidth(column, widths), CHECK_WIDTH),
  });
  return { rows, across };
}

function widthAt<Row>(columns: readonly TableColumn<Row>[], index: number, widths: ColumnWidths): number {
  const column = columns[index];
  return column ? columnWidth(column, widths) : 0;
}
