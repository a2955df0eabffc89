import type { VirtualItem } from '@tanstack/virtual-core';
import type { ComponentChildren, VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { Icon } from '../controls/icon.tsx';
import { memo } from '../memo.ts';
import { cellClass, type TableColumn } from './table-column.ts';
import type { TableGroups } from './table-groups.ts';

interface TableRowProps {
  id: string;
  /** Only the columns read the data of a row, which the owner of the table defines. */
  columns: readonly TableColumn<unknown>[];
  groups: Pick<TableGroups<never>, 'titleOf' | 'isFolded'> | undefined;
  shown: readonly VirtualItem[];
  /** The columns that stay in view. */
  pinned: number;
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
  const { index, row, start, height, selected, active, groups } = props;
  const isPending = row === undefined;
  const title = isPending ? undefined : groups?.titleOf(row as never);
  const isFolded = title !== undefined && groups?.isFolded(row as never);
  const content = useContent(props, title, isFolded === true);
  const classes = ['table-row', selected && 'selected', active !== undefined && 'current', title && 'span'];
  return (
    <div
      class={[...classes, isPending && 'pending'].filter(Boolean).join(' ')}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      aria-level={groups && !isPending ? (title ? 1 : 2) : undefined}
      aria-expanded={title ? !isFolded : undefined}
      data-row={index}
      style={{ top: `${start}px`, height: `${height}px` }}
    >
      <div class="table-check" role="gridcell" aria-colindex={1}>
        <span class="table-box" data-state={selected ? 'all' : 'none'}>
          {selected && <Icon name="check" />}
        </span>
      </div>
      {content}
      {isPending && <PendingCell {...props} />}
    </div>
  );
});

/**
 * The cells of a row. While it is being read, those of the row that was drawn in its element stay, invisible: after a jump
 * of the scroll bar, nothing is drawn but one cell in each row until the data is there. Cells of the active row go,
 * because they have IDs.
 */
function useContent(props: TableRowProps, title: ComponentChildren, isFolded: boolean): VNode | undefined {
  const drawn = useRef<VNode | undefined>(undefined);
  if (props.row === undefined) return drawn.current;
  const content = title ? <TitleCell {...props} title={title} isFolded={isFolded} /> : <Cells {...props} />;
  drawn.current = props.active === undefined ? content : undefined;
  return content;
}

function Cells({ id, columns, shown, pinned, index, row, active }: TableRowProps) {
  return shown.map((item) => {
    const column = columns[item.index];
    if (!column) return null;
    return (
      <div
        key={column.id}
        id={active === undefined ? undefined : `${id}-${index}-${item.index}`}
        class={cellClass(column, item.index, { pinned, active })}
        role="gridcell"
        aria-colindex={item.index + 2}
        title={active === undefined ? undefined : column.hint?.(row)}
        style={{ left: `${item.start}px`, width: `${item.size}px` }}
      >
        <span class="table-text">{column.cell(row)}</span>
      </div>
    );
  });
}

interface TitleCellProps extends TableRowProps {
  title: ComponentChildren;
  isFolded: boolean;
}

/** The title of a group: one cell across all columns. Whichever column is active, it is this one. */
function TitleCell({ id, columns, index, active, title, isFolded }: TitleCellProps) {
  return (
    <div
      id={active === undefined ? undefined : `${id}-${index}-${active}`}
      class={`table-span${active === undefined ? '' : ' active'}`}
      role="gridcell"
      aria-colindex={2}
      aria-colspan={columns.length}
    >
      <Icon name={isFolded ? 'chevron-right' : 'chevron-down'} />
      {title}
    </div>
  );
}

function PendingCell({ id, columns, index, active }: TableRowProps) {
  return (
    <div
      id={active === undefined ? undefined : `${id}-${index}-${active}`}
      class={`table-pending${active === undefined ? '' : ' active'}`}
      role="gridcell"
      aria-colindex={2}
      aria-colspan={columns.length}
    >
      <span class="visually-hidden">loading</span>
    </div>
  );
}
