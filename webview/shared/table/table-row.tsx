import type { VirtualItem } from '@tanstack/virtual-core';
import { Icon } from '../controls/icon.tsx';
import { memo } from '../memo.ts';
import type { TableColumn } from './table-column.ts';

interface TableRowProps {
  id: string;
  /** Only the columns read the data of a row, which the owner of the table defines. */
  columns: readonly TableColumn<unknown>[];
  shown: readonly VirtualItem[];
  index: number;
  /** Undefined while it is being read. */
  row: unknown;
  start: number;
  selected: boolean;
  /** The column of the active cell, if it is in this row. */
  active: number | undefined;
}

/** One row. The grid handles its clicks, so that a row only renders when its content changes. */
export const TableRow = memo(({ id, columns, shown, index, row, start, selected, active }: TableRowProps) => (
  <div
    class={`table-row${selected ? ' selected' : ''}${active !== undefined ? ' current' : ''}`}
    role="row"
    aria-rowindex={index + 2}
    aria-selected={selected}
    data-row={index}
    style={{ transform: `translateY(${start}px)` }}
  >
    <div class="table-check" role="gridcell" aria-colindex={1}>
      <span class="table-box" data-state={selected ? 'all' : 'none'}>
        {selected && <Icon name="check" />}
      </span>
    </div>
    {shown.map((item) => {
      const column = columns[item.index];
      if (!column) return null;
      return (
        <div
          key={column.id}
          id={`${id}-${index}-${item.index}`}
          class={`table-cell ${column.align ?? 'start'}${active === item.index ? ' active' : ''}`}
          role="gridcell"
          aria-colindex={item.index + 2}
          title={row === undefined ? undefined : column.hint?.(row)}
          style={{ width: `${item.size}px`, transform: `translateX(${item.start}px)` }}
        >
          <span class="table-text">{row === undefined ? <Pending /> : column.cell(row)}</span>
        </div>
      );
    })}
  </div>
));

function Pending() {
  return (
    <span class="table-pending">
      <span class="visually-hidden">loading</span>
    </span>
  );
}
