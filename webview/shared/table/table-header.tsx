import type { VirtualItem } from '@tanstack/virtual-core';
import { Icon } from '../controls/icon.tsx';
import { cellClass, headHeight, limitWidth, type TableColumn, type TableSort } from './table-column.ts';

interface TableHeaderProps<Row> {
  id: string;
  columns: readonly TableColumn<Row>[];
  shown: readonly VirtualItem[];
  /** The columns that stay in view. */
  pinned: number;
  width: number;
  sort: TableSort | undefined;
  /** The column of the active cell, if it is in the header. */
  active: number | undefined;
  selected: 'none' | 'some' | 'all';
  onSort: (column: number) => void;
  onSelectAll: () => void;
  onWidth: (columnId: string, width: number) => void;
}

/** The header of a table, which is always visible. Its keys are handled by the grid. */
export function TableHeader<Row>({ id, columns, shown, width, selected, onSelectAll, ...rest }: TableHeaderProps<Row>) {
  const box = { none: 'circle-large-outline', some: 'remove', all: 'check' }[selected];
  return (
    <div class="table-head" role="rowgroup" style={{ width: `${width}px`, height: `${headHeight(columns)}px` }}>
      <div class="table-row" role="row" aria-rowindex={1}>
        <div class="table-check" role="columnheader" aria-colindex={1} onClick={onSelectAll}>
          <span class="visually-hidden">Selected</span>
          <span class="table-box" data-state={selected}>
            {selected !== 'none' && <Icon name={box} />}
          </span>
        </div>
        {shown.map((item) => {
          const column = columns[item.index];
          return column && <HeaderCell key={column.id} {...rest} {...{ id, column, item }} />;
        })}
      </div>
    </div>
  );
}

interface HeaderCellProps<Row>
  extends Pick<TableHeaderProps<Row>, 'id' | 'pinned' | 'sort' | 'active' | 'onSort' | 'onWidth'> {
  column: TableColumn<Row>;
  item: VirtualItem;
}

function HeaderCell<Row>({ id, column, item, pinned, sort, active, onSort, onWidth }: HeaderCellProps<Row>) {
  const direction = sort?.column === column.id ? sort.direction : undefined;
  const sortable = column.firstSort !== undefined;
  return (
    <div
      id={`${id}-h-${item.index}`}
      role="columnheader"
      class={`${cellClass(column, item.index, { pinned, active })}${sortable ? ' sortable' : ''}`}
      aria-colindex={item.index + 2}
      aria-sort={sortable ? (direction ?? 'none') : undefined}
      aria-label={column.head && column.title}
      title={sortable ? `Sort by ${column.head ? column.title : column.title.toLowerCase()}` : undefined}
      style={{ left: `${item.start}px`, width: `${item.size}px` }}
      onClick={() => onSort(item.index)}
    >
      <span class="table-text">
        {column.head?.first ?? column.title}
        {column.head?.second !== undefined && <span class="table-second">{column.head.second}</span>}
      </span>
      {direction && <Icon name={direction === 'ascending' ? 'arrow-up' : 'arrow-down'} />}
      <ResizeHandle width={item.size} onWidth={(width) => onWidth(column.id, width)} />
    </div>
  );
}

/** The edge of a header, to resize it with the mouse. With the keyboard, Shift and the arrow keys resize. */
function ResizeHandle({ width, onWidth }: { width: number; onWidth: (width: number) => void }) {
  const onPointerDown = (event: PointerEvent) => {
    const handle = event.currentTarget as HTMLElement;
    const from = event.clientX;
    handle.setPointerCapture(event.pointerId);
    const drag = ({ clientX }: PointerEvent) => onWidth(limitWidth(width + clientX - from));
    handle.addEventListener('pointermove', drag);
    for (const end of ['pointerup', 'pointercancel']) {
      handle.addEventListener(end, () => handle.removeEventListener('pointermove', drag), { once: true });
    }
    event.preventDefault();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the grid's keys do the same
    <span class="table-resize" onPointerDown={onPointerDown} onClick={(event) => event.stopPropagation()} />
  );
}
