import type { VirtualItem } from '@tanstack/virtual-core';
import type { ComponentChildren } from 'preact';
import { Icon } from '../controls/icon.tsx';
import { memo } from '../memo.ts';
import type { TableColumn } from './table-column.ts';

interface TableRowProps {
  id: string;
  /** Only the columns read the data of a row, which the owner of the table defines. */
  columns: readonly TableColumn<unknown>[];
  spanOf: ((row: never) => ComponentChildren | undefined) | undefined;
  shown: readonly VirtualItem[];
  index: number;
  /** Undefined while it is being read. */
  row: unknown;
  start: number;
  height: number;
  selected: boolean;
  /** The column of the active cell, if it is in this row. */
  active: number | undefined;
}

/**
 * One row. The grid handles its clicks, so that a row only renders when its content changes. Only the active row has its
 * tooltips, which screen readers read: those of others are set when the mouse is over them (`showHint`).
 */
export const TableRow = memo((props: TableRowProps) => {
  const { index, row, start, height, selected, active, spanOf } = props;
  const span = row === undefined ? undefined : spanOf?.(row as never);
  return (
    <div
      class={`table-row${selected ? ' selected' : ''}${active !== undefined ? ' current' : ''}${span ? ' span' : ''}`}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      data-row={index}
      style={{ top: `${start}px`, height: `${height}px` }}
    >
      <div class="table-check" role="gridcell" aria-colindex={1}>
        <span class="table-box" data-state={selected ? 'all' : 'none'}>
          {selected && <Icon name="check" />}
        </span>
      </div>
      {span ? <SpanCell {...props}>{span}</SpanCell> : <Cells {...props} />}
    </div>
  );
});

function Cells({ id, columns, shown, index, row, active }: TableRowProps) {
  return shown.map((item) => {
    const column = columns[item.index];
    if (!column) return null;
    return (
      <div
        key={column.id}
        id={`${id}-${index}-${item.index}`}
        class={`table-cell ${column.align ?? 'start'}${active === item.index ? ' active' : ''}`}
        role="gridcell"
        aria-colindex={item.index + 2}
        title={active === undefined || row === undefined ? undefined : column.hint?.(row)}
        style={{ left: `${item.start}px`, width: `${item.size}px` }}
      >
        <span class="table-text">{row === undefined ? <Pending /> : column.cell(row)}</span>
      </div>
    );
  });
}

/** One cell across all columns. Whichever column is active, it is this one. */
function SpanCell({ id, columns, index, active, children }: TableRowProps & { children: ComponentChildren }) {
  return (
    <div
      id={active === undefined ? undefined : `${id}-${index}-${active}`}
      class={`table-span${active === undefined ? '' : ' active'}`}
      role="gridcell"
      aria-colindex={2}
      aria-colspan={columns.length}
    >
      {children}
    </div>
  );
}

function Pending() {
  return (
    <span class="table-pending">
      <span class="visually-hidden">loading</span>
    </span>
  );
}
